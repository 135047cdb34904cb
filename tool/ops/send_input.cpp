#include "ops/send_input.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace birdhouse::ops {

namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10U;
constexpr std::size_t kShownOfLongLine = 200;
constexpr std::size_t kRemembered = std::size_t{64} << 10U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error cannot_read(const std::string& file, std::string_view reason) {
    return {ExitCode::Usage, "cannot read " + backquoted(printable(file)) + ": " + std::string(reason),
            "name a file of events, or `-`"};
}

// Fewer bytes than asked for: the end of what there is now, or a failure.
std::size_t read_descriptor(int descriptor, char* into, std::size_t most, std::string& failure) {
    std::size_t got = 0;
    while (got < most) {
        const ssize_t size = ::read(descriptor, into + got, most - got);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            failure = std::strerror(errno);
        }
        if (size <= 0) {
            break;
        }
        got += static_cast<std::size_t>(size);
    }
    return got;
}

std::string_view without_line_end(std::string_view line) {
    line.remove_suffix(line.ends_with('\n') ? 1 : 0);
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    return line;
}

std::string tail_of(std::string_view bytes) {
    return sha256(bytes.substr(bytes.size() - std::min(bytes.size(), kMarkedBytes)));
}

} // namespace

Result<std::unique_ptr<SendInput>> SendInput::open_file(const std::string& path, std::size_t longest_line) {
    std::unique_ptr<SendInput> input(new SendInput(path, longest_line));
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) {
        return cannot_read(path, std::strerror(errno));
    }
    if (S_ISDIR(found.st_mode)) {
        return cannot_read(path, "it is a folder");
    }
    if (!S_ISREG(found.st_mode)) { // a pipe with a name: it cannot be read twice
        input->file_.open(path, std::ios::binary);
        input->stream_ = &input->file_;
    }
    TRY(input->start());
    return input;
}

std::unique_ptr<SendInput> SendInput::open_stream(std::istream& stream, std::size_t longest_line) {
    std::unique_ptr<SendInput> input(new SendInput("standard input", longest_line));
    input->stream_ = &stream;
    static_cast<void>(input->start()); // opening nothing, it cannot fail
    return input;
}

SendInput::~SendInput() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

// At the input's start, whatever was read before.
Result<void> SendInput::start() {
    lines_.reset();
    unpacked_.reset();
    if (stream_ != nullptr) {
        unpacked_ = std::make_unique<events::InputBytes>(*stream_); // knows itself whether it is packed
    } else {
        TRY(start_file());
    }
    buffer_.clear();
    used_ = searched_ = unfinished_ = 0;
    position_ = {};
    before_.clear();
    refill();
    head_ = buffer_.substr(0, kMarkedBytes);
    sum_.clear();
    if (events::begins_array(head_)) {
        lines_ = std::make_unique<events::ArrayLines>(
            [this, begun = std::exchange(buffer_, {}), given = std::size_t{0}](char* into,
                                                                               std::size_t most) mutable {
                const std::size_t size = begun.copy(into, most, given);
                given += size;
                return size == most ? size : size + read(into + size, most - size);
            });
    }
    return {};
}

Result<void> SendInput::start_file() {
    if (descriptor_ < 0) {
        descriptor_ = ::open(name_.c_str(), O_RDONLY | O_CLOEXEC);
    }
    if (descriptor_ < 0) {
        return cannot_read(name_, std::strerror(errno));
    }
    std::string start(events::kPackingMark, '\0');
    const ssize_t got = ::pread(descriptor_, start.data(), start.size(), 0);
    start.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    ::lseek(descriptor_, 0, SEEK_SET);
    plain_taken_ = 0;
    packing_ = events::packing_of(start);
    if (packing_ != events::Packing::None) {
        file_ = std::ifstream(name_, std::ios::binary);
        unpacked_ = std::make_unique<events::InputBytes>(file_);
    }
    return {};
}

std::size_t SendInput::read(char* into, std::size_t most) {
    if (unpacked_ != nullptr) {
        const std::size_t got = unpacked_->read(into, most);
        failure_ = failure_.empty() ? unpacked_->failure() : failure_;
        return got;
    }
    const std::size_t got = read_descriptor(descriptor_, into, most, failure_);
    plain_taken_ += got;
    return got;
}

// False: there is no more now.
bool SendInput::refill() {
    buffer_.erase(0, used_);
    used_ = 0;
    const std::size_t before = buffer_.size();
    buffer_.resize(before + kBlock);
    const std::size_t got =
        lines_ ? lines_->read(buffer_.data() + before, kBlock) : read(buffer_.data() + before, kBlock);
    buffer_.resize(before + got);
    return got != 0;
}

InputMark SendInput::mark() {
    InputMark mark;
    mark.path = name_;
    struct stat found {};
    if (descriptor_ >= 0 && ::fstat(descriptor_, &found) == 0) {
        mark.device = found.st_dev;
        mark.inode = found.st_ino;
        if (!packed() && head_.size() < kMarkedBytes) {
            std::string head(kMarkedBytes, '\0');
            const ssize_t got = ::pread(descriptor_, head.data(), head.size(), 0);
            head.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
            head_ = std::move(head);
        }
    }
    mark.head_size = head_.size();
    mark.head = sha256(head_);
    return mark;
}

// Most marks are of the same size: of a year's logs the head is hashed once.
bool SendInput::has_head(const InputMark& mark) {
    if (mark.head_size > head_.size()) {
        return false;
    }
    if (sum_.empty() || summed_size_ != mark.head_size) {
        summed_size_ = mark.head_size;
        sum_ = sha256(std::string_view(head_).substr(0, mark.head_size));
    }
    return sum_ == mark.head;
}

std::optional<events::InputFault> SendInput::fault() {
    return lines_ ? std::nullopt : events::input_fault(std::string_view(head_));
}

Result<bool> SendInput::go_to(const InputPosition& position, const std::string& tail) {
    const bool seeks = stream_ == nullptr && !packed() && lines_ == nullptr;
    bool reached = true;
    if (seeks) {
        struct stat found {};
        ::fstat(descriptor_, &found);
        const std::uint64_t kept = std::min<std::uint64_t>(position.byte, kMarkedBytes);
        before_.assign(kept, '\0');
        reached = static_cast<std::uint64_t>(found.st_size) >= position.byte &&
                  ::pread(descriptor_, before_.data(), kept, static_cast<off_t>(position.byte - kept)) ==
                      static_cast<ssize_t>(kept);
        ::lseek(descriptor_, static_cast<off_t>(position.byte), SEEK_SET);
        plain_taken_ = position.byte;
        buffer_.clear();
        used_ = 0;
    } else {
        std::uint64_t left = position.byte;
        while (left != 0 && (used_ < buffer_.size() || refill())) {
            const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer_.size() - used_));
            remember(std::string_view(buffer_).substr(used_, step));
            used_ += step;
            left -= step;
        }
        reached = left == 0;
    }
    // No tail: it was not noted where a batch was split.
    if (!reached || (!tail.empty() && tail_of(before_) != tail)) {
        if (stream_ == nullptr) {
            TRY(start());
        }
        return false;
    }
    position_ = position;
    searched_ = 0;
    return true;
}

std::optional<InputLine> SendInput::next(bool takes_unfinished) {
    while (true) {
        const std::size_t end = buffer_.find('\n', used_ + searched_);
        const std::size_t length = (end == std::string::npos ? buffer_.size() : end) - used_;
        if (length > longest_line_) {
            return skip_long_line();
        }
        if (end == std::string::npos) {
            searched_ = length;
            if (refill()) {
                continue;
            }
            if (length == 0 || !takes_unfinished) {
                return std::nullopt;
            }
        }
        std::string_view text = std::string_view(buffer_).substr(used_, length);
        InputLine line{without_line_end(text), position_.line + 1, false, end == std::string::npos};
        if (position_.byte == 0 && line.text.starts_with(kByteOrderMark)) {
            line.text.remove_prefix(kByteOrderMark.size());
        }
        const bool blank = trim(line.text).empty();
        if (line.unfinished) {
            unfinished_ = length;
            return blank ? std::nullopt : std::optional(line);
        }
        pass(length + 1, 1);
        if (!blank) {
            return line;
        }
    }
}

void SendInput::accept_unfinished() {
    pass(unfinished_, 1);
    unfinished_ = 0;
}

void SendInput::pass(std::size_t bytes, std::size_t lines) {
    remember(std::string_view(buffer_).substr(used_, bytes));
    used_ += bytes;
    searched_ = 0;
    position_.byte += bytes;
    position_.line += lines;
}

void SendInput::remember(std::string_view passed) {
    if (before_.size() + passed.size() > kRemembered) {
        before_.erase(0, before_.size() - std::min(before_.size(), kMarkedBytes));
    }
    before_ += passed.substr(passed.size() - std::min(passed.size(), kMarkedBytes));
}

std::optional<InputLine> SendInput::skip_long_line() {
    const std::string start = buffer_.substr(used_, kShownOfLongLine);
    while (true) {
        const std::size_t end = buffer_.find('\n', used_);
        if (end != std::string::npos) {
            pass(end + 1 - used_, 0);
            break;
        }
        pass(buffer_.size() - used_, 0);
        if (!refill()) {
            break;
        }
    }
    ++position_.line;
    long_start_ = start;
    return InputLine{long_start_, position_.line, true, false};
}

std::string SendInput::tail() const { return tail_of(before_); }

std::uint64_t SendInput::taken() const { return unpacked_ ? unpacked_->taken() : plain_taken_; }

FileChange SendInput::look() const {
    struct stat open_now {};
    struct stat at_path {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &open_now) != 0) {
        return FileChange::None;
    }
    if (static_cast<std::uint64_t>(open_now.st_size) < plain_taken_) {
        return FileChange::Shortened;
    }
    // While a log is rotated there may be no file of the name for a moment.
    const bool replaced = ::stat(name_.c_str(), &at_path) == 0 &&
                          (at_path.st_ino != open_now.st_ino || at_path.st_dev != open_now.st_dev);
    return replaced ? FileChange::Replaced : FileChange::None;
}

} // namespace birdhouse::ops
