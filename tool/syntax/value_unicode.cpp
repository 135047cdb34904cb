#include "syntax/value_unicode.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

constexpr std::uint32_t kStrayByte = 0xDC00;

struct Block {
    std::uint32_t first;
    std::uint32_t last;
};

constexpr auto kUnprintable = std::to_array<Block>({
    {0x0000, 0x001F}, {0x007F, 0x00A0}, {0x00AD, 0x00AD},   {0x0600, 0x0605},    {0x061C, 0x061C},
    {0x06DD, 0x06DD}, {0x070F, 0x070F}, {0x1680, 0x1680},   {0x180E, 0x180E},    {0x2000, 0x200F},
    {0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000},   {0xD800, 0xF8FF},    {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE00FF}, {0xE01F0, 0x10FFFF},
});

constexpr auto kSpaces = std::to_array<Block>({
    {0x0009, 0x000D},
    {0x001C, 0x0020},
    {0x0085, 0x0085},
    {0x00A0, 0x00A0},
    {0x1680, 0x1680},
    {0x2000, 0x200A},
    {0x2028, 0x2029},
    {0x202F, 0x202F},
    {0x205F, 0x205F},
    {0x3000, 0x3000},
});

// The zero of every run of ten decimal digits in Unicode.
constexpr auto kZeros = std::to_array<std::uint32_t>({
    0x0030,  0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,  0x0BE6,  0x0C66,
    0x0CE6,  0x0D66,  0x0DE6,  0x0E50,  0x0ED0,  0x0F20,  0x1040,  0x1090,  0x17E0,  0x1810,  0x1946,
    0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,  0xA8D0,  0xA900,  0xA9D0,
    0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0,
    0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60,
    0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
});

template <std::size_t Size>
bool within(const std::array<Block, Size>& blocks, std::uint32_t code_point) {
    return std::any_of(blocks.begin(), blocks.end(), [code_point](const Block& block) {
        return code_point >= block.first && code_point <= block.last;
    });
}

std::size_t length_of_sequence(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    const bool whole =
        length != 0 && at + length <= text.size() && !find_invalid_utf8(text.substr(at, length));
    return whole ? length : 0;
}

} // namespace

std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
        ++at;
        return lead;
    }
    const std::size_t length = length_of_sequence(text, at);
    if (length == 0) {
        ++at;
        return kStrayByte + lead;
    }
    std::uint32_t code_point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        code_point = (code_point << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    at += length;
    return code_point;
}

void append_code_point(std::string& out, std::uint32_t code_point) {
    const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code_point < 0x80) {
        add(code_point);
    } else if (code_point < 0x800) {
        add(0xC0U | (code_point >> 6U));
        add(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        add(0xE0U | (code_point >> 12U));
        add(0x80U | ((code_point >> 6U) & 0x3FU));
        add(0x80U | (code_point & 0x3FU));
    } else {
        add(0xF0U | (code_point >> 18U));
        add(0x80U | ((code_point >> 12U) & 0x3FU));
        add(0x80U | ((code_point >> 6U) & 0x3FU));
        add(0x80U | (code_point & 0x3FU));
    }
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        next_code_point(text, at);
    }
    return count;
}

std::size_t offset_of_character(std::string_view text, std::size_t index) {
    std::size_t at = 0;
    for (; index > 0 && at < text.size(); --index) {
        next_code_point(text, at);
    }
    return at;
}

bool is_printable(std::uint32_t code_point) { return !within(kUnprintable, code_point); }

bool is_space(std::uint32_t code_point) { return within(kSpaces, code_point); }

std::optional<int> decimal_digit(std::uint32_t code_point) {
    const auto above = std::upper_bound(kZeros.begin(), kZeros.end(), code_point);
    if (above == kZeros.begin() || code_point - *(above - 1) > 9) {
        return std::nullopt;
    }
    return static_cast<int>(code_point - *(above - 1));
}

std::string_view strip_spaces(std::string_view text) {
    std::size_t first = text.size();
    std::size_t last = text.size();
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        if (!is_space(next_code_point(text, at))) {
            first = std::min(first, begin);
            last = at;
        }
    }
    return first == text.size() ? std::string_view{} : text.substr(first, last - first);
}

} // namespace birdhouse::syntax
