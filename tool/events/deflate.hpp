// gzip and zstd, written: the other way round of inflate.hpp, for bodies that are small enough for memory.
#pragma once

#include "events/inflate.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::events {

// The bytes packed; as they are for Packing::None. Nothing when there is no memory for it.
std::optional<std::string> deflate(Packing packing, std::string_view bytes);

} // namespace birdhouse::events
