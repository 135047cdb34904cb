// Looks at bytes eight or sixteen at a time: whether texts hold anything that needs a closer look, whether
// numbers and times have their usual form. A `true` is certain; after a `false` the exact functions decide.
// All may look at up to kTextPadding bytes behind the text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace birdhouse::events {

inline std::uint64_t load8(const char* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}

// For each byte that is no decimal digit once '0' has been taken from it by xor, its highest bit.
inline std::uint64_t other_than_digits(std::uint64_t word) {
    constexpr std::uint64_t kLow = 0x7F7F7F7F7F7F7F7FU;
    constexpr std::uint64_t kBeyondNine = 0x7676767676767676U;
    return (((word & kLow) + kBeyondNine) | word) & ~kLow;
}

inline constexpr std::uint64_t kZeroes = 0x3030303030303030U; // "00000000"

// The value of one to eight digits without a leading zero.
inline bool read_short_integer(const char* from, std::size_t length, std::uint64_t& value) {
    if (length == 0 || length > 8 || (from[0] == '0' && length > 1)) {
        return false;
    }
    // The digits go to the end of the word, zeroes before them.
    std::uint64_t word = (load8(from) ^ kZeroes) << (64 - 8 * length);
    if (other_than_digits(word) != 0) {
        return false;
    }
    word = (word * 10) + (word >> 8U);
    value = (((word & 0x000000FF000000FFU) * 0x000F424000000064U) +
             (((word >> 16U) & 0x000000FF000000FFU) * 0x0000271000000001U)) >>
            32U;
    return true;
}

// Digits, perhaps a point and digits: at most 16 bytes, no sign, no exponent. `point` is where the point
// stands, or `length`.
inline bool is_short_number(const char* from, std::size_t length, std::size_t& point) {
    if (length == 0 || length > 16) {
        return false;
    }
    const std::uint64_t low = load8(from) ^ kZeroes;
    const std::uint64_t high = load8(from + 8) ^ kZeroes;
    // Bytes behind the number count as digits.
    const std::uint64_t in_low = length >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * length)) - 1;
    const std::uint64_t in_high = length <= 8    ? 0
                                  : length == 16 ? ~std::uint64_t{0}
                                                 : (std::uint64_t{1} << (8 * (length - 8))) - 1;
    const std::uint64_t others_low = other_than_digits(low & in_low);
    const std::uint64_t others_high = other_than_digits(high & in_high);
    const bool one_at_most = (others_low & (others_low - 1)) == 0 && (others_high & (others_high - 1)) == 0 &&
                             (others_low == 0 || others_high == 0);
    if (!one_at_most) {
        return false;
    }
    const auto place = [](std::uint64_t bits) { return static_cast<std::size_t>(__builtin_ctzll(bits)) / 8; };
    point = others_low != 0 ? place(others_low) : others_high != 0 ? 8 + place(others_high) : length;
    const bool point_inside = point == length || (from[point] == '.' && point != 0 && point + 1 != length);
    return point_inside && (from[0] != '0' || point == 1);
}

// `2025-06-18T09:12:03.411Z`, or a blank for the T, without a fraction, without the Z: well formed and in
// the calendar. Sets `year`.
bool is_usual_time(const char* from, std::size_t length, unsigned& year);
// `2025-06-18`, likewise.
bool is_usual_date(const char* from, std::size_t length, unsigned& year);

// 8-4-4-4-12 hexadecimal digits; exact.
bool is_uuid(const char* from, std::size_t length);

// Sixteen bytes side by side: both compilers make vector instructions of it, on any machine.
using ByteBlock [[gnu::vector_size(16)]] = signed char;

inline ByteBlock load_block(const char* from) {
    ByteBlock block;
    std::memcpy(&block, from, sizeof block);
    return block;
}

// A window on these bytes sets the first lanes of a block of up to 32.
inline constexpr std::array<signed char, 64> kLaneWindow = [] {
    std::array<signed char, 64> bytes{};
    for (std::size_t at = 0; at < bytes.size() / 2; ++at) {
        bytes[at] = -1;
    }
    return bytes;
}();

// Does one of the first `length` lanes hold? There are sixteen at most.
inline bool any_of_first(ByteBlock lanes, std::size_t length) {
    ByteBlock window;
    std::memcpy(&window, kLaneWindow.data() + kLaneWindow.size() / 2 - length, sizeof window);
    lanes &= window;
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), &lanes, sizeof words);
    return (words[0] | words[1]) != 0;
}

struct TextFinds {
    bool backslash = false;
    bool credential = false; // perhaps: the end of a credential's prefix stands there
    bool nothing() const { return !backslash && !credential; }
};
// A function that is chosen once and called as one.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables,readability-identifier-naming)
extern TextFinds (*const scan_long_text)(const char* from, std::size_t length);

inline constexpr std::size_t kShortestCredential = 10; // `token=` and four signs
// Below this length only the shapes with an `=` find room: others are `Bearer ` and eight, `sk-` and twelve.
inline constexpr std::size_t kShortestOtherCredential = 15;

inline TextFinds scan_text(const char* from, std::size_t length) {
    if (length >= kShortestOtherCredential) {
        return scan_long_text(from, length);
    }
    const ByteBlock block = load_block(from);
    const ByteBlock backslashes = block == '\\';
    const ByteBlock signs = block == '=';
    if (!any_of_first(backslashes | signs, length)) {
        return {};
    }
    return {any_of_first(backslashes, length), length >= kShortestCredential && any_of_first(signs, length)};
}

} // namespace birdhouse::events
