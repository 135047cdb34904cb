#include "events/line_blocks.hpp"

#include "events/json_index.hpp"

#include <algorithm>

namespace birdhouse::events {

namespace {

// Small enough to stay in a core's own cache from the read to the last look.
constexpr std::size_t kBlock = std::size_t{128} << 10U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

} // namespace

LineBlocks::LineBlocks(std::istream& input, std::size_t longest_line)
    : input_(input), longest_line_(longest_line), capacity_(std::min(kBlock, longest_line + 1)) {}

std::optional<InputFault> LineBlocks::fault() {
    constexpr std::size_t kLooked = 4096;
    std::size_t have = 0;
    read_more(carried_, have, std::min(kLooked, capacity_));
    carried_.resize(have);
    return input_fault(carried_);
}

bool LineBlocks::next(LineBlock& block) {
    std::string& buffer = block.buffer;
    std::size_t room = capacity_;
    std::size_t have = carried_.size();
    buffer.resize(std::max(buffer.size(), room + kTextPadding));
    carried_.copy(buffer.data(), have);
    carried_.clear();
    block.too_long = false;
    while (true) {
        read_more(buffer, have, room);
        if (have == 0) {
            return false;
        }
        // As long as a block is no longer than the longest line, no line in it can be too long.
        const std::size_t last = std::string_view(buffer).rfind('\n', have - 1);
        const bool whole_line = last != std::string::npos && last < have;
        if (!whole_line && have > longest_line_) {
            return skip_long_line(block, have);
        }
        if (ended_ || whole_line) {
            const std::size_t size = ended_ ? have : last + 1;
            carried_.assign(buffer, size, have - size);
            block.text = std::string_view(buffer).substr(0, size);
            std::fill_n(buffer.begin() + static_cast<std::ptrdiff_t>(have), kTextPadding, '\0');
            break;
        }
        room = std::min(room * 2, longest_line_ + 1);
        buffer.resize(std::max(buffer.size(), room + kTextPadding));
    }
    if (!begun_ && block.text.starts_with(kByteOrderMark)) {
        block.text.remove_prefix(kByteOrderMark.size());
    }
    begun_ = true;
    return true;
}

void LineBlocks::read_more(std::string& buffer, std::size_t& have, std::size_t room) {
    if (ended_ || have >= room) {
        return;
    }
    buffer.resize(std::max(buffer.size(), room));
    const std::size_t got = input_.read(buffer.data() + have, room - have);
    have += got;
    bytes_read_ += got;
    ended_ = have < room;
}

bool LineBlocks::skip_long_line(LineBlock& block, std::size_t have) {
    block.too_long = true;
    block.text = {};
    begun_ = true;
    while (true) {
        const std::size_t end = std::string_view(block.buffer).substr(0, have).find('\n');
        if (end != std::string_view::npos) {
            carried_.assign(block.buffer, end + 1, have - end - 1);
            return true;
        }
        have = 0;
        if (ended_) {
            return true;
        }
        read_more(block.buffer, have, capacity_);
    }
}

} // namespace birdhouse::events
