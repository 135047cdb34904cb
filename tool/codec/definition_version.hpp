// The text of a pipe definition with another version in it; every other byte stays.
#pragma once

#include "base/diagnostic.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace birdhouse::codec {

// Nothing when the source is no definition of a pipe.
std::optional<std::string> with_version(SourceId source, const SourceMap& sources, std::uint32_t version);

} // namespace birdhouse::codec
