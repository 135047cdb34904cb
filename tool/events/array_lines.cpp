#include "events/array_lines.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstring>

namespace birdhouse::events {

namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

} // namespace

bool begins_array(std::string_view start) {
    start.remove_prefix(start.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    return trim(start).starts_with('[');
}

std::size_t ArrayLines::read(char* into, std::size_t most) {
    while (lines_.size() - given_ < most && !ended_) {
        lines_.erase(0, given_);
        given_ = 0;
        std::string block(kBlock, '\0');
        block.resize(array_(block.data(), block.size()));
        ended_ = block.size() < kBlock;
        for (const char byte : block) {
            take(byte);
        }
    }
    const std::size_t size = std::min(most, lines_.size() - given_);
    std::memcpy(into, lines_.data() + given_, size);
    given_ += size;
    return size;
}

void ArrayLines::take(char byte) {
    switch (at_) {
    case At::BeforeArray: // a byte order mark and blanks
        at_ = byte == '[' ? At::BetweenElements : At::BeforeArray;
        break;
    case At::BetweenElements:
        if (byte == ']') {
            at_ = At::AfterArray;
        } else if (byte != ',' && !is_space(byte)) {
            at_ = At::Element;
            take_inside(byte);
        }
        break;
    case At::Element:
        take_inside(byte);
        break;
    case At::AfterArray:
        lines_ += is_space(byte) ? "" : std::string(1, byte);
        break;
    }
}

void ArrayLines::take_inside(char byte) {
    if (in_text_) {
        in_text_ = escaped_ || byte != '"';
        escaped_ = !escaped_ && byte == '\\';
    } else if (byte == '"') {
        in_text_ = true;
    } else if (byte == '{' || byte == '[') {
        ++depth_;
    } else if (depth_ == 0 && (byte == ',' || byte == ']')) {
        lines_ += '\n';
        at_ = byte == ']' ? At::AfterArray : At::BetweenElements;
        return;
    } else if (byte == '}' || byte == ']') {
        depth_ -= depth_ == 0 ? 0 : 1;
    }
    // Line ends cannot stand inside of a JSON text, and mean nothing outside.
    lines_ += byte == '\n' || byte == '\r' ? ' ' : byte;
}

} // namespace birdhouse::events
