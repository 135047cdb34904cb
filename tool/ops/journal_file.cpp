#include "ops/journal_file.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSumSize = 16;
constexpr off_t kRoom =
    off_t{64} << 10U; // bytes asked for ahead: more than two lines with the longest of paths

std::string sum_of(std::string_view text) { return sha256(text).substr(0, kSumSize); }

std::optional<std::string_view> text_of(std::string_view line) {
    if (line.size() <= kSumSize || line[kSumSize] != ' ') {
        return std::nullopt;
    }
    const std::string_view text = line.substr(kSumSize + 1);
    return sum_of(text) == line.substr(0, kSumSize) ? std::optional(text) : std::nullopt;
}

// A new file is there after a crash once its folder is on the disk.
void sync_folder(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
}

bool write_whole(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

Result<JournalFile> JournalFile::open(const fs::path& path, const TakeLine& take) {
    std::error_code ignored; // the opening below says what is wrong
    fs::create_directories(path.parent_path(), ignored);
    constexpr mode_t kOwnerOnly = 0600;
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kOwnerOnly);
    JournalFile file(path, descriptor);
    if (descriptor < 0) {
        return file.failure("cannot be opened");
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return Error{ExitCode::Refused,
                     "another `birdhouse send` to the same datasource is running: it holds " +
                         backquoted(path.string()),
                     "wait until it has ended"};
    }
    TRY(file.replay(take));
    sync_folder(path.parent_path());
    return file;
}

JournalFile::JournalFile(JournalFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

JournalFile::~JournalFile() {
    if (descriptor_ >= 0) {
        static_cast<void>(::ftruncate(descriptor_, static_cast<off_t>(size_))); // gives the room back
        ::close(descriptor_);
    }
}

Result<void> JournalFile::replay(const TakeLine& take) {
    std::ifstream lines(path_, std::ios::binary);
    std::string line;
    std::uint64_t at = 0;
    bool torn = false;
    while (std::getline(lines, line)) {
        const std::optional<std::string_view> text = lines.eof() ? std::nullopt : text_of(line);
        if (text && torn) {
            return Error{ExitCode::Failed,
                         "the journal " + backquoted(path_.string()) + " is damaged at byte " +
                             std::to_string(size_),
                         "look there which rows were sent, move it away, and send the others"};
        }
        torn = !text;
        at += line.size() + 1;
        if (text) {
            TRY(take(*text));
            size_ = at;
        }
    }
    if (lines.bad() || ::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) {
        return failure("cannot be read");
    }
    return {};
}

Result<void> JournalFile::add(std::string_view text, bool sets_room_aside) {
    const std::string line = sum_of(text) + " " + std::string(text) + "\n";
    // Where a file system cannot set room aside, the write below still tells a full disk from a free one.
    const bool full = sets_room_aside &&
                      ::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size_), kRoom) != 0 &&
                      (errno == ENOSPC || errno == EDQUOT);
    if (full || !write_whole(descriptor_, line) || ::fsync(descriptor_) != 0) {
        const Error error = failure("cannot be written");
        static_cast<void>(::ftruncate(descriptor_, static_cast<off_t>(size_)));
        return error;
    }
    size_ += line.size();
    return {};
}

Error JournalFile::failure(std::string_view what) const {
    const int reason = errno;
    return {ExitCode::Failed,
            "the journal " + backquoted(path_.string()) + " " + std::string(what) + ": " +
                std::strerror(reason),
            reason == ENOSPC || reason == EDQUOT ? "free some space: nothing is sent that cannot be noted"
                                                 : "nothing is sent that cannot be noted"};
}

} // namespace birdhouse::ops
