#include "server/api_result.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::server {

bool is_unavailable(const Error& error) {
    // Names of the engine's errors, and the system's words for a full disk.
    constexpr auto kWords =
        std::to_array<std::string_view>({"NOT_ENOUGH_SPACE", "MEMORY_LIMIT_EXCEEDED", "TOO_MANY_PARTS",
                                         "No space left on device", "CANNOT_WRITE_TO_FILE_DESCRIPTOR"});
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view words) {
        return error.message.find(words) != std::string::npos;
    });
}

std::string without_database(std::string text, std::string_view database) {
    text = replace_all(text, "`" + std::string(database) + "`.", "");
    return replace_all(text, std::string(database) + ".", "");
}

ApiError api_error(const Error& error) {
    if (is_unavailable(error)) {
        return {503, error.message};
    }
    switch (error.code) {
    case ExitCode::Usage:
    case ExitCode::Problems:
        return {400, error.message};
    case ExitCode::Refused:
        return {403, error.message};
    default:
        return {500, error.message};
    }
}

} // namespace birdhouse::server
