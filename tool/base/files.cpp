#include "base/files.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace birdhouse {

namespace fs = std::filesystem;

namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    int get() const { return fd_; }
    // Closing can report a write error (NFS, quota); callers that wrote must ask.
    bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

private:
    int fd_;
};

Error io_error(std::string_view doing, const fs::path& path, int number) {
    std::string hint;
    switch (number) {
    case ENOENT: hint = "check the path"; break;
    case EACCES:
    case EROFS: hint = "check the permissions of the folder"; break;
    case ENOSPC:
    case EDQUOT: hint = "free some space and run again: the old file is untouched"; break;
    default: break;
    }
    const ExitCode code = number == ENOENT && doing == "read" ? ExitCode::Usage : ExitCode::Failed;
    return {code, "cannot " + std::string(doing) + " " + backquoted(path.string()) + ": " + std::strerror(number), hint};
}

Result<void> write_all(int fd, std::string_view content, const fs::path& path) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return io_error("write", path, errno);
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

bool holds_already(const fs::path& path, std::string_view content) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || static_cast<std::uintmax_t>(status.st_size) != content.size()) {
        return false;
    }
    const Result<std::string> old = read_file(path, content.size());
    return old && *old == content;
}

// One file beside the target per process: two writers never share a temporary name.
fs::path temporary_beside(const fs::path& path) {
    return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(::getpid()) + ".tmp");
}

Result<void> write_temporary(const fs::path& temporary, std::string_view content, mode_t mode, const fs::path& path) {
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.get() < 0) {
        return io_error("write", path, errno);
    }
    TRY(write_all(file.get(), content, path));
    if (::fsync(file.get()) != 0) {
        return io_error("write", path, errno);
    }
    if (!file.close()) {
        return io_error("write", path, errno);
    }
    return {};
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

} // namespace

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) {
        return io_error("read", path, errno);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) {
        return io_error("read", path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return Error{ExitCode::Usage, "cannot read " + backquoted(path.string()) + ": it is a folder", "name a file"};
    }
    std::string content;
    content.reserve(static_cast<std::size_t>(std::min<std::uintmax_t>(static_cast<std::uintmax_t>(status.st_size), limit)) + 1);
    std::string block(std::size_t{64} << 10U, '\0');
    while (true) {
        const ssize_t got = ::read(file.get(), block.data(), block.size());
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return io_error("read", path, errno);
        }
        if (got == 0) {
            return content;
        }
        if (content.size() + static_cast<std::size_t>(got) > limit) {
            return Error{ExitCode::Problems, backquoted(path.string()) + " is larger than " + with_thousands(limit) + " bytes",
                         "split it, or check that it is the file you meant"};
        }
        content.append(block.data(), static_cast<std::size_t>(got));
    }
}

Result<Written> write_if_changed(const fs::path& path, std::string_view content) {
    if (holds_already(path, content)) {
        return Written::Unchanged;
    }
    std::error_code failure;
    if (path.has_parent_path()) {
        fs::create_directories(path.parent_path(), failure);
        if (failure) {
            return io_error("make the folder", path.parent_path(), failure.value());
        }
    }
    struct stat status {};
    const bool existed = ::stat(path.c_str(), &status) == 0;
    const mode_t mode = existed ? status.st_mode & 07777U : 0644U;
    const fs::path temporary = temporary_beside(path);
    if (Result<void> written = write_temporary(temporary, content, mode, path); !written) {
        ::unlink(temporary.c_str());
        return std::move(written).error();
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const int number = errno;
        ::unlink(temporary.c_str());
        return io_error("write", path, number);
    }
    return existed ? Written::Changed : Written::Created;
}

Result<std::vector<fs::path>> list_files(const fs::path& folder, std::string_view suffix) {
    constexpr int kDeepest = 8;
    std::vector<fs::path> found;
    std::error_code failure;
    if (!fs::exists(folder, failure)) {
        return found;
    }
    fs::recursive_directory_iterator entry(folder, failure);
    if (failure) {
        return io_error("list", folder, failure.value());
    }
    while (entry != fs::recursive_directory_iterator()) {
        const bool folder_to_skip = entry->is_directory(failure) && (is_hidden(entry->path()) || entry.depth() >= kDeepest);
        if (folder_to_skip) {
            entry.disable_recursion_pending();
        } else if (!is_hidden(entry->path()) && entry->path().filename().string().ends_with(suffix) &&
                   entry->is_regular_file(failure)) {
            found.push_back(entry->path());
        }
        entry.increment(failure);
        if (failure) {
            return io_error("list", folder, failure.value());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

} // namespace birdhouse
