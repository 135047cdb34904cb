// A file that is only added to, line by line, and that tells after a crash which lines are whole.
//
// A line is sixteen hexadecimal digits, a blank, and a text without line ends; the digits are the start of
// the text's SHA-256. What was added is on the disk when `add` returns. A crash can leave the last line torn:
// it is cut off at the next start, as it tells of nothing that was done. A line that is damaged in the middle
// stops everything: what followed from it is not known.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace birdhouse::ops {

class JournalFile {
public:
    using TakeLine = std::function<Result<void>(std::string_view text)>;

    // Makes the file and its folder when they are missing; only their owner may read them. `take` gets what
    // is in it, in order. While this is open no other process can open it.
    static Result<JournalFile> open(const std::filesystem::path& path, const TakeLine& take);

    JournalFile(const JournalFile&) = delete;
    JournalFile& operator=(const JournalFile&) = delete;
    JournalFile(JournalFile&& other) noexcept;
    JournalFile& operator=(JournalFile&&) = delete;
    ~JournalFile();

    // Fails unless there is room on the disk for this line and for those that settle it.
    Result<void> begin(std::string_view text) { return add(text, true); }
    // Takes of that room: what is begun can be settled on a full disk.
    Result<void> settle(std::string_view text) { return add(text, false); }
    const std::filesystem::path& path() const { return path_; }

private:
    JournalFile(std::filesystem::path path, int descriptor)
        : path_(std::move(path)), descriptor_(descriptor) {}
    Result<void> add(std::string_view text, bool sets_room_aside);
    Result<void> replay(const TakeLine& take);
    Error failure(std::string_view what) const;

    std::filesystem::path path_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0; // of the whole lines
};

} // namespace birdhouse::ops
