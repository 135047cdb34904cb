#include "model/pipe_version.hpp"

#include <charconv>

namespace birdhouse::model {

namespace {

constexpr std::string_view kMark = "__v";

} // namespace

std::optional<PipeVersion> split_version(std::string_view published) {
    const std::size_t mark = published.rfind(kMark);
    if (mark == std::string_view::npos || mark == 0) {
        return std::nullopt;
    }
    PipeVersion found{std::string(published.substr(0, mark)), 0};
    const char* end = published.data() + published.size();
    const auto [stop, problem] = std::from_chars(published.data() + mark + kMark.size(), end, found.number);
    return problem == std::errc() && stop == end ? std::optional(found) : std::nullopt;
}

std::string published_name(std::string_view name, std::uint32_t version) {
    const std::string suffix = std::string(kMark) + std::to_string(version);
    return std::string(name) + (version <= 1 || name.ends_with(suffix) ? "" : suffix);
}

PipeVersion version_of(const Pipe& pipe) {
    if (std::optional<PipeVersion> named = split_version(pipe.name)) {
        return *named;
    }
    return {pipe.name, pipe.classic_version.value_or(1)};
}

} // namespace birdhouse::model
