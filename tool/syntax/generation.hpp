// Text from generation templates: the language of pipe templates between `<<`, `<%` and `<#`, with values
// that stand as they are. A tag alone on its line disappears with the line. Problems are diagnostics in the
// template.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "syntax/template.hpp"
#include "syntax/value.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace birdhouse::syntax {

// For texts inside of definitions, with the variables of a `for_each`.
std::optional<std::string>
render_generation(const SourceMap& sources, Span text,
                  const std::vector<std::pair<std::string, std::string>>& variables,
                  Diagnostics& diagnostics);

// For template files; `variables` is a dict, its values may be nested. The template was parsed from
// `sources`.
std::optional<std::string> render_generation(const SourceMap& sources, const Template& tree,
                                             const Value& variables, Diagnostics& diagnostics);

} // namespace birdhouse::syntax
