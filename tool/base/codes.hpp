// The table of diagnostic codes, from codes.def: `codes::F001` and so on, and all of them in order.
#pragma once

#include "base/diagnostic.hpp"

#include <array>

namespace birdhouse::codes {

#define CODE(id, severity, title) inline constexpr Code id{#id, Severity::severity, title};
#include "base/codes.def"
#undef CODE

inline constexpr auto kAll = std::to_array<const Code*>({
#define CODE(id, severity, title) &id,
#include "base/codes.def"
#undef CODE
});

} // namespace birdhouse::codes
