// NDJSON as lines: from memory or from a stream in blocks, with each line's number and place. Memory stays
// below the length limit of one line and a block, however long the input or a line of it is.
#pragma once

#include "events/input_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::events {

inline constexpr std::size_t kLongestLine =
    10'000'000; // bytes: the largest request that Tinybird's free plan takes

struct EventLine {
    std::string_view text;    // without its line end; holds until the next line is asked for
    std::uint64_t number = 0; // from 1, blank lines counted
    std::uint64_t offset = 0; // bytes from the start of the input
    bool too_long = false;    // then `text` is only the start of it
};

// Input that is not NDJSON from its first line on: refused as a whole, with a way out.
struct InputFault {
    std::string message;
    std::string help;
};

// `start`: the first bytes of an input, 4096 or all of it.
std::optional<InputFault> input_fault(std::string_view start);

class EventReader {
public:
    explicit EventReader(std::istream& input, std::size_t longest_line = kLongestLine);
    explicit EventReader(std::string_view input, std::size_t longest_line = kLongestLine);

    // The next line that is not blank; nothing at the end of the input.
    std::optional<EventLine> next();

    // Looks at the start of the input without taking it. Ask before the first line.
    std::optional<InputFault> fault();
    // The stream broke off before its end.
    bool failed() const { return !failure().empty(); }
    const std::string& failure() const { return failure_; }
    std::uint64_t bytes_read() const { return offset_; }

private:
    bool refill();
    std::optional<EventLine> next_raw();
    EventLine take(std::size_t length, std::size_t line_end);
    EventLine skip_long_line();

    std::unique_ptr<InputBytes> input_; // null: all of it is in memory already
    std::string block_;
    std::string_view rest_; // of the block, or of the memory
    std::string start_of_long_line_;
    std::size_t longest_line_;
    std::uint64_t line_ = 0;
    std::uint64_t offset_ = 0;
    std::string failure_; // why the input broke off
    bool ended_ = false;
};

} // namespace birdhouse::events
