// NDJSON in blocks of whole lines, for readers that look at many rows at once. Memory stays below the length
// limit of one line and a block, however long the input or a line of it is; where blocks end depends on
// the input alone.
#pragma once

#include "events/input_bytes.hpp"
#include "events/reader.hpp"

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::events {

struct LineBlock {
    // Whole lines, all but the last of an input with their line ends, and kTextPadding bytes behind them.
    // Holds until this block is filled again.
    std::string_view text;
    bool too_long = false; // one line over the limit, whose text is not kept
    std::string buffer;
};

class LineBlocks {
public:
    explicit LineBlocks(std::istream& input, std::size_t longest_line = kLongestLine);

    // Looks at the start of the input without taking it. Ask before the first block.
    std::optional<InputFault> fault();
    // False at the end of the input, or when reading failed.
    bool next(LineBlock& block);

    // Why the input broke off before its end; empty when it did not.
    const std::string& failure() const { return input_.failure(); }
    std::uint64_t bytes_read() const { return bytes_read_; }
    // The same before unpacking.
    std::uint64_t packed_bytes_read() const { return input_.taken(); }

private:
    void read_more(std::string& buffer, std::size_t& have, std::size_t room);
    bool skip_long_line(LineBlock& block, std::size_t have);

    InputBytes input_;
    std::size_t longest_line_;
    std::size_t capacity_;
    std::string carried_; // what follows the last line end of the block before
    std::uint64_t bytes_read_ = 0;
    bool ended_ = false;
    bool begun_ = false;
};

} // namespace birdhouse::events
