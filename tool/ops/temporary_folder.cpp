#include "ops/temporary_folder.hpp"

#include "base/text.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace birdhouse::ops {

namespace fs = std::filesystem;

Result<TemporaryFolder> TemporaryFolder::make() {
    std::error_code failure;
    const fs::path parent = fs::temp_directory_path(failure);
    if (failure) {
        return Error{ExitCode::Failed, "there is no folder for temporary files: " + failure.message(),
                     "name one with TMPDIR"};
    }
    TemporaryFolder folder;
    sigset_t endings;
    ::sigemptyset(&endings);
    for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
        ::sigaddset(&endings, signal);
    }
    ::sigprocmask(SIG_BLOCK, &endings, &folder.unblocked_);
    std::string pattern = (parent / "birdhouse-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        const std::string reason = std::strerror(errno);
        ::sigprocmask(SIG_SETMASK, &folder.unblocked_, nullptr);
        return Error{ExitCode::Failed,
                     "no folder can be made in " + backquoted(parent.string()) + ": " + reason,
                     "is the disk full?"};
    }
    folder.path_ = std::move(pattern);
    return folder;
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, fs::path())), unblocked_(other.unblocked_) {}

TemporaryFolder::~TemporaryFolder() {
    if (!path_.empty()) {
        std::error_code ignored; // what cannot be removed stays for the system to clean
        fs::remove_all(path_, ignored);
        ::sigprocmask(SIG_SETMASK, &unblocked_, nullptr);
    }
}

} // namespace birdhouse::ops
