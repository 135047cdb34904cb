// ClickHouse locks `status` in its data folder with flock. Asking for the lock before connecting tells a
// storage in use from one that is broken, which the library does not, and keeps its complaint off the
// terminal.
#include "engine/storage.hpp"

#include "base/text.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace birdhouse::engine {

namespace fs = std::filesystem;

namespace {

class FileDescriptor {
public:
    explicit FileDescriptor(const fs::path& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() {
        if (number_ >= 0) {
            ::close(number_); // releases the lock too
        }
    }
    bool open() const { return number_ >= 0; }
    int number() const { return number_; }

private:
    int number_;
};

bool is_locked(const fs::path& file) {
    const FileDescriptor status(file);
    return status.open() && ::flock(status.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

Error cannot_use(const fs::path& folder, const std::string& reason) {
    return Error{ExitCode::Failed, "the storage folder " + backquoted(folder.string()) + " " + reason,
                 "name a folder that can be written as the target's `path` in birdhouse.yaml"};
}

} // namespace

StorageState look_at_storage(const fs::path& folder) {
    std::error_code failure;
    const fs::file_status status = fs::status(folder, failure);
    if (status.type() == fs::file_type::not_found && failure != std::errc::not_a_directory) {
        return StorageState::Missing;
    }
    if (failure || status.type() != fs::file_type::directory ||
        ::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
        return StorageState::Blocked;
    }
    return is_locked(folder / "status") ? StorageState::InUse : StorageState::Free;
}

Result<void> prepare_storage(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) {
        return cannot_use(folder, "cannot be made: " + to_lower_ascii(failure.message()));
    }
    switch (look_at_storage(folder)) {
    case StorageState::Missing:
    case StorageState::Blocked:
        return cannot_use(folder, "cannot be written");
    case StorageState::InUse:
        return Error{
            ExitCode::Refused, "the storage " + backquoted(folder.string()) + " is in use by another process",
            "stop the other birdhouse (a `serve`, perhaps) or give this target a storage of its own"};
    case StorageState::Free:
        break;
    }
    return {};
}

} // namespace birdhouse::engine
