// The files and streams that `validate` and `send` read events from.
#pragma once

#include "base/result.hpp"
#include "events/reader.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// An input that is not NDJSON at all; the others are read all the same.
struct RefusedInput {
    std::string name;
    std::string message;
    std::string help;
    friend bool operator==(const RefusedInput&, const RefusedInput&) = default;
};

// Each input in turn, opened. `-` is `standard_input`, and so is an empty list. Every file is opened before
// the first is read: a slip in a name costs nothing. An error ends the reading.
using TakeInput = std::function<Result<void>(std::string_view name, std::istream& stream)>;
Result<void> read_inputs(const std::vector<std::string>& files, std::istream& standard_input,
                         const TakeInput& take);
Error broke_off(std::string_view name, std::uint64_t bytes_read, const std::string& reason);

// Each line of each input in turn. An error ends the reading.
using TakeLine = std::function<Result<void>(std::string_view input, const events::EventLine& line)>;

Result<std::vector<RefusedInput>> read_events(const std::vector<std::string>& files,
                                              std::istream& standard_input, std::size_t longest_line,
                                              const TakeLine& take);

} // namespace birdhouse::ops
