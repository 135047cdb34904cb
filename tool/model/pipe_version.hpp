// Versions of a pipe. Each is a pipe of its own: consumers know version 1 of `top` as `top`, and version 2 as
// `top__v2`, which is what Tinybird calls a resource with a version.
#pragma once

#include "model/pipe.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::model {

struct PipeVersion {
    std::string name; // `top`
    std::uint32_t number = 1;
    friend auto operator<=>(const PipeVersion&, const PipeVersion&) = default;
};

// `top__v2` taken apart. Nothing when the name says no version.
std::optional<PipeVersion> split_version(std::string_view published);

// What consumers call it: the name alone up to version 1. A name that says this version already stays.
std::string published_name(std::string_view name, std::uint32_t version);
inline std::string published_name(const PipeVersion& version) {
    return published_name(version.name, version.number);
}

// Which version of what the pipe is: by its name, or by VERSION of Classic; else version 1.
PipeVersion version_of(const Pipe& pipe);

} // namespace birdhouse::model
