// `for_each:` in a definition: one file, read once for every combination of the values it lists.
#pragma once

#include "codec/fields.hpp"
#include "syntax/yaml.hpp"

#include <cstddef>
#include <vector>

namespace birdhouse::codec {

inline constexpr std::size_t kMostCombinations = 1'000;

// The definition as it stands without a `for_each:`; else one tree a combination, the last name changing
// fastest, with `<<name>>` filled in everywhere. Empty after a report.
std::vector<syntax::YamlNode> repeat_for_each(syntax::YamlNode root, Reading reading);

} // namespace birdhouse::codec
