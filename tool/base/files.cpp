#include "base/files.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
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
    case ENOENT:
        hint = "check the path";
        break;
    case EACCES:
    case EROFS:
        hint = "check the permissions of the folder";
        break;
    case ENOSPC:
    case EDQUOT:
        hint = "free some space and run again: the old file is untouched";
        break;
    default:
        break;
    }
    const ExitCode code = number == ENOENT && doing == "read" ? ExitCode::Usage : ExitCode::Failed;
    return {code,
            "cannot " + std::string(doing) + " " + backquoted(path.string()) + ": " + std::strerror(number),
            hint};
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

enum class Sync { Now, Later };

Result<void> write_temporary(const fs::path& temporary, std::string_view content, mode_t mode,
                             const fs::path& path, Sync sync) {
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.get() < 0) {
        return io_error("write", path, errno);
    }
    TRY(write_all(file.get(), content, path));
    if (sync == Sync::Now && ::fsync(file.get()) != 0) {
        return io_error("write", path, errno);
    }
    if (!file.close()) {
        return io_error("write", path, errno);
    }
    return {};
}

// New content beside its target. It goes away with this object unless it has taken the target's place.
class Staged {
public:
    explicit Staged(const fs::path& path) : path_(path), temporary_(temporary_beside(path)) {}
    Staged(Staged&& other) noexcept
        : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})),
          existed_(other.existed_) {}
    Staged(const Staged&) = delete;
    Staged& operator=(const Staged&) = delete;
    ~Staged() {
        if (!temporary_.empty()) {
            ::unlink(temporary_.c_str());
        }
    }

    Result<void> write(std::string_view content, Sync sync) {
        if (path_.has_parent_path()) {
            std::error_code failure;
            fs::create_directories(path_.parent_path(), failure);
            if (failure) {
                return io_error("make the folder", path_.parent_path(), failure.value());
            }
        }
        struct stat status {};
        existed_ = ::stat(path_.c_str(), &status) == 0;
        return write_temporary(temporary_, content, existed_ ? status.st_mode & 07777U : 0644U, path_, sync);
    }

    // Syncs the file system that the file is on.
    Result<void> sync_all() const {
        const Descriptor file(::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC));
        if (file.get() < 0 || ::syncfs(file.get()) != 0) {
            return io_error("write", path_, errno);
        }
        return {};
    }

    Result<Written> take_place() {
        if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
            return io_error("write", path_, errno);
        }
        temporary_.clear();
        return existed_ ? Written::Changed : Written::Created;
    }

private:
    fs::path path_;
    fs::path temporary_;
    bool existed_ = false;
};

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
        return Error{ExitCode::Usage, "cannot read " + backquoted(path.string()) + ": it is a folder",
                     "name a file"};
    }
    // One byte more than the file claims, so that one read says that it has ended. Some files (pipes, /proc)
    // claim nothing, and others grow.
    std::string content(static_cast<std::size_t>(
                            std::min<std::uintmax_t>(static_cast<std::uintmax_t>(status.st_size), limit)) +
                            1,
                        '\0');
    std::size_t used = 0;
    while (true) {
        const ssize_t got = ::read(file.get(), content.data() + used, content.size() - used);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return io_error("read", path, errno);
        }
        if (got == 0) {
            content.resize(used);
            return content;
        }
        used += static_cast<std::size_t>(got);
        if (used > limit) {
            return Error{ExitCode::Problems,
                         backquoted(path.string()) + " is larger than " + with_thousands(limit) + " bytes",
                         "split it, or check that it is the file you meant"};
        }
        if (used == content.size()) {
            content.resize(std::min(std::max(used * 2, std::size_t{4096}), limit + 1));
        }
    }
}

Result<Written> write_if_changed(const fs::path& path, std::string_view content) {
    if (holds_already(path, content)) {
        return Written::Unchanged;
    }
    Staged staged(path);
    TRY(staged.write(content, Sync::Now));
    return staged.take_place();
}

Result<void> write_all_if_changed(std::span<const FileText> files) {
    std::vector<Staged> staged;
    for (const FileText& file : files) {
        if (!holds_already(file.path, file.content)) {
            staged.emplace_back(file.path);
            TRY(staged.back().write(file.content, Sync::Later));
        }
    }
    if (!staged.empty()) {
        TRY(staged.front().sync_all());
    }
    for (Staged& file : staged) {
        TRY(file.take_place());
    }
    return {};
}

Result<std::vector<fs::path>> list_files(const fs::path& folder, std::string_view suffix) {
    return list_files(folder, std::span(&suffix, 1));
}

Result<std::vector<fs::path>> list_files(const fs::path& folder, std::span<const std::string_view> suffixes) {
    constexpr int kDeepest = 8;
    const auto is_wanted = [&](const std::string& name) {
        return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
    };
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
        const bool folder_to_skip =
            entry->is_directory(failure) && (is_hidden(entry->path()) || entry.depth() >= kDeepest ||
                                             entry->path().filename() == "node_modules");
        if (folder_to_skip) {
            entry.disable_recursion_pending();
        } else if (!is_hidden(entry->path()) && is_wanted(entry->path().filename().string()) &&
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
