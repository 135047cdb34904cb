// The value of a directive on one line, as the canonical form has it.
#pragma once

#include "codec/datafile_formatter.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// The words as they stand, single blanks where there are blanks.
std::string words_as_written(const syntax::Directive& directive, const SourceMap& sources);

// What stands behind the name of a directive that is no block.
std::string canonical_value(const syntax::Datafile& file, const syntax::Directive& directive,
                            const SourceMap& sources, FormatStyle style);

// A block of ENGINE_*, or of TAGS, as one line; nothing when it would not read back.
std::optional<std::string> block_on_one_line(const syntax::Datafile& file, const syntax::Directive& directive,
                                             const SourceMap& sources, FormatStyle style);

// The names of TAGS or SHARED_WITH; nothing when one of them holds what would not read back.
std::optional<std::vector<std::string>> plain_names(std::string_view value);

// A value of an engine directive as the model holds it.
std::string engine_value_form(std::string_view directive_name, std::string_view value);

} // namespace birdhouse::codec
