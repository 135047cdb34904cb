// An input of `send`: lines with their positions, and marks by which a later run knows it again, though it
// was rotated, packed or has grown. NDJSON, a JSON array, either of them as gzip or zstd.
#pragma once

#include "base/result.hpp"
#include "events/array_lines.hpp"
#include "events/input_bytes.hpp"
#include "events/reader.hpp"
#include "ops/send_journal.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::ops {

inline constexpr std::size_t kMarkedBytes = 4096; // of an input's head, and before a position

struct InputLine {
    std::string_view text; // without its line end; holds until the next is asked for
    std::uint64_t number = 0;
    bool too_long = false;   // then `text` is only the start of it
    bool unfinished = false; // the input ends without a line end: more of this line may follow
};

enum class FileChange : std::uint8_t { None, Shortened, Replaced };

class SendInput {
public:
    static Result<std::unique_ptr<SendInput>> open_file(const std::string& path, std::size_t longest_line);
    static std::unique_ptr<SendInput> open_stream(std::istream& stream, std::size_t longest_line);
    SendInput(const SendInput&) = delete;
    SendInput& operator=(const SendInput&) = delete;
    ~SendInput();

    const std::string& name() const { return name_; }
    // Taken anew, as the head of a short file grows.
    InputMark mark();
    // Is this what a mark was taken of, as far as its head tells?
    bool has_head(const InputMark& mark);
    // Why the input as a whole is no events. Ask before the first line.
    std::optional<events::InputFault> fault();

    // Goes to where an earlier run was. False when the bytes before are others than those that were sent;
    // then a file is at its start again, and a stream is used up.
    Result<bool> go_to(const InputPosition& position, const std::string& tail);
    // Nothing at the end of what there is now. Blank lines are passed over. The part of a line that has no
    // end yet is given only when `takes_unfinished`; then it is not passed before `accept_unfinished`.
    std::optional<InputLine> next(bool takes_unfinished);
    void accept_unfinished();

    InputPosition position() const { return position_; } // behind the last line that was given
    std::string tail() const;
    const std::string& failure() const { return failure_; }
    bool packed() const { return packing_ != events::Packing::None; }
    // Bytes taken of the file, packed as they are.
    std::uint64_t taken() const;
    // Is the file at the path still this one?
    FileChange look() const;

private:
    SendInput(std::string name, std::size_t longest_line)
        : name_(std::move(name)), longest_line_(longest_line) {}

    Result<void> start();
    Result<void> start_file();
    std::size_t read(char* into, std::size_t most);
    bool refill();
    void pass(std::size_t bytes, std::size_t lines);
    void remember(std::string_view passed);
    std::optional<InputLine> skip_long_line();

    std::string name_;
    std::size_t longest_line_;
    int descriptor_ = -1;            // of a file that can be read again
    std::ifstream file_;             // the same when it is packed, or one that cannot
    std::istream* stream_ = nullptr; // what is read once
    events::Packing packing_ = events::Packing::None;
    std::unique_ptr<events::InputBytes> unpacked_;
    std::unique_ptr<events::ArrayLines> lines_;
    std::uint64_t plain_taken_ = 0;

    std::string buffer_; // read, not yet passed, from `used_` on
    std::size_t used_ = 0;
    std::size_t searched_ = 0;   // behind `used_`, without a line end
    std::size_t unfinished_ = 0; // bytes of the line that was given without its end
    std::string head_;
    std::uint64_t summed_size_ = 0; // of the head, when it was last compared
    std::string sum_;
    std::string before_;     // the last bytes that were passed, kMarkedBytes or more
    std::string long_start_; // of a line that is too long
    InputPosition position_;
    std::string failure_;
};

} // namespace birdhouse::ops
