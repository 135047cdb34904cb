#include "events/text_scan.hpp"

#include <array>

namespace birdhouse::events {

namespace {

// So many bytes at a time: neither compiler makes vector instructions of a plain loop reliably, and both do
// of these types, on any machine.
using Block = ByteBlock;
using WideBlock [[gnu::vector_size(32)]] = signed char;

template <class Lanes>
[[gnu::always_inline]] inline void load(Lanes& block, const char* from) {
    std::memcpy(&block, from, sizeof block);
}
template <class Lanes>
[[gnu::always_inline]] inline bool any(const Lanes& lanes) {
    std::array<std::uint64_t, sizeof(Lanes) / sizeof(std::uint64_t)> words{};
    std::memcpy(words.data(), &lanes, sizeof words);
    std::uint64_t all = 0;
    for (const std::uint64_t word : words) {
        all |= word;
    }
    return all != 0;
}

// Wide blocks are never passed by value: without AVX2 they have no place to be passed in.
template <class Lanes>
struct Found {
    Lanes backslashes = {};
    Lanes credentials = {};

    // Where some prefix of privacy.cpp's table ends; a false alarm does no harm.
    [[gnu::always_inline]] inline void look(const char* at, const Lanes& window) {
        Lanes a;
        Lanes b;
        Lanes c;
        Lanes d;
        load(a, at);
        load(b, at + 1);
        load(c, at + 2);
        load(d, at + 3);
        backslashes |= (a == '\\') & window;
        credentials |= window & (((a == 'r') & (b == 'e') & (c == 'r') & (d == ' ')) | // Bearer
                                 ((a == 'k') & (b == '-')) |                           // sk-
                                 ((a == 'g') & (b == 'h') & (d == '_')) |              // ghp_
                                 ((a == 'b') & (b == '_')) |                           // github_pat_
                                 ((a == 'y') & (b == 'J')) |                           // eyJ
                                 (a == '='));                                          // token=
    }
};

template <class Lanes>
[[gnu::always_inline]] inline TextFinds scan(const char* from, std::size_t length) {
    constexpr std::size_t kBlock = sizeof(Lanes);
    Found<Lanes> found;
    const Lanes all = ~Lanes{};
    std::size_t at = 0;
    for (; at + kBlock <= length; at += kBlock) {
        found.look(from + at, all);
    }
    if (at != length) {
        Lanes window;
        std::memcpy(&window, kLaneWindow.data() + kLaneWindow.size() / 2 - (length - at), sizeof window);
        found.look(from + at, window);
    }
    return {any(found.backslashes), any(found.credentials)};
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] TextFinds scan_wide(const char* from, std::size_t length) {
    return scan<WideBlock>(from, length);
}
#endif
TextFinds scan_narrow(const char* from, std::size_t length) { return scan<Block>(from, length); }

unsigned two_digits(const char* from) {
    return static_cast<unsigned>(from[0] - '0') * 10 + static_cast<unsigned>(from[1] - '0');
}

constexpr std::uint64_t word_of(const char (&text)[9]) {
    std::uint64_t word = 0;
    for (unsigned at = 0; at < 8; ++at) {
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[at])) << (8 * at);
    }
    return word;
}

// `pattern` has zeroes where digits stand and the separators themselves.
bool has_form(const char* from, std::uint64_t pattern) {
    constexpr std::uint64_t kAll = ~std::uint64_t{0};
    const std::uint64_t difference = load8(from) ^ pattern;
    // Separators must not differ at all, digits by less than ten.
    std::uint64_t separators = 0;
    for (unsigned at = 0; at < 8; ++at) {
        const std::uint64_t byte = (pattern >> (8 * at)) & 0xFFU;
        separators |= byte == '0' ? 0 : std::uint64_t{0xFF} << (8 * at);
    }
    return ((difference & separators) | other_than_digits(difference & (kAll ^ separators))) == 0;
}

constexpr std::uint64_t kDateForm = word_of("0000-00-");
constexpr std::uint64_t kClockForm = word_of("00:00:00");

bool is_date(const char* from, unsigned& year) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!has_form(from, kDateForm) || !is_digit(from[8]) || !is_digit(from[9])) {
        return false;
    }
    static constexpr std::array<unsigned char, 100> kDays = [] {
        std::array<unsigned char, 100> days{};
        for (const unsigned month : {1U, 3U, 5U, 7U, 8U, 10U, 12U}) {
            days[month] = 31;
        }
        for (const unsigned month : {4U, 6U, 9U, 11U}) {
            days[month] = 30;
        }
        days[2] = 28; // the 29th is a matter for the exact function
        return days;
    }();
    const unsigned day = two_digits(from + 8);
    year = two_digits(from) * 100 + two_digits(from + 2);
    return day - 1 < kDays[two_digits(from + 5)];
}

} // namespace

bool is_usual_date(const char* from, std::size_t length, unsigned& year) {
    return length == 10 && is_date(from, year);
}

bool is_usual_time(const char* from, std::size_t length, unsigned& year) {
    constexpr std::size_t kPlain = 19;
    if (length < kPlain || !is_date(from, year) || (from[10] != 'T' && from[10] != ' ') ||
        !has_form(from + 11, kClockForm) || two_digits(from + 11) > 23 || from[14] > '5' || from[17] > '5') {
        return false;
    }
    length -= from[length - 1] == 'Z' ? 1 : 0;
    if (length == kPlain) {
        return true;
    }
    const std::size_t digits = length - kPlain - 1;
    if (length < kPlain + 2 || digits > 8 || from[kPlain] != '.') {
        return false;
    }
    return other_than_digits((load8(from + kPlain + 1) ^ kZeroes) << (64 - 8 * digits)) == 0;
}

bool is_uuid(const char* from, std::size_t length) {
    constexpr std::size_t kLength = 36;
    if (length != kLength) {
        return false;
    }
    constexpr Block kFirst = {0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0};  // dashes at 8 and 13
    constexpr Block kSecond = {0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0}; // at 18 and 23
    constexpr Block kThird = {0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};   // at 23
    const auto wrong = [](Block block, Block dashes) {
        const Block lower = block | 0x20;
        const auto is_digit = (block >= '0') & (block <= '9');
        const auto is_letter = (lower >= 'a') & (lower <= 'f');
        const auto is_dash = block == '-';
        Block right;
        const auto picked = (dashes & is_dash) | (~dashes & (is_digit | is_letter));
        std::memcpy(&right, &picked, sizeof right);
        return ~right;
    };
    return !any<Block>(wrong(load_block(from), kFirst) | wrong(load_block(from + 16), kSecond) |
                       wrong(load_block(from + 20), kThird));
}

// Chosen once, when the program starts.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables,readability-identifier-naming)
TextFinds (*const scan_long_text)(const char*, std::size_t) = [] {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") != 0) {
        return &scan_wide;
    }
#endif
    return &scan_narrow;
}();

} // namespace birdhouse::events
