// `.pipe` files to pipes.
#pragma once

#include "base/diagnostic.hpp"
#include "model/pipe.hpp"
#include "syntax/directives.hpp"

#include <optional>
#include <string>

namespace birdhouse::codec {

// Nothing when the text has no nodes; else all that could be read: `diagnostics` says whether that is all.
std::optional<model::Pipe> read_pipe_file(SourceId source, std::string name, const SourceMap& sources,
                                          Diagnostics& diagnostics,
                                          syntax::Dialect dialect = syntax::Dialect::Forward);

} // namespace birdhouse::codec
