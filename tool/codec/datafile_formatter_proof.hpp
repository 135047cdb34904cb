// The proof of a formatted datafile: it says what the file said before, with every comment.
#pragma once

#include "syntax/datafile.hpp"

#include <optional>
#include <string>

namespace birdhouse::codec {

enum class SqlMay { Stay, Change }; // Change: formatted by the engine, which is asked to prove its part

// What `after` lacks or says otherwise, in words for a report; nothing when the two say the same. Both texts
// are read by the rules of `before`.
std::optional<std::string> find_difference(const syntax::Datafile& before, const std::string& after,
                                           const SourceMap& sources, SqlMay sql = SqlMay::Stay);

} // namespace birdhouse::codec
