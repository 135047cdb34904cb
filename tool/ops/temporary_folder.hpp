// A folder that is gone when its scope ends, whatever ends it.
#pragma once

#include "base/result.hpp"

#include <csignal>
#include <filesystem>

namespace birdhouse::ops {

// While it is there, the signals that ask a process to end wait: they are delivered once it is removed. Make
// it for moments, not for the length of a command.
class TemporaryFolder {
public:
    static Result<TemporaryFolder> make();

    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    TemporaryFolder(TemporaryFolder&& other) noexcept;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder();

    const std::filesystem::path& path() const { return path_; }

private:
    TemporaryFolder() = default;

    std::filesystem::path path_; // empty when it was moved from
    sigset_t unblocked_{};
};

} // namespace birdhouse::ops
