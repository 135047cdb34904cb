// Most values of a column look alike. What that look is, is compiled once; whether a value has it costs a few
// instructions, and then nothing more need be said of it. Any doubt is left to ValueChecker.
#pragma once

#include "events/json_text.hpp"
#include "events/schema.hpp"
#include "events/text_scan.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace birdhouse::events {

enum class UsualKind : std::uint8_t {
    None, // nothing is usual here
    Integer,
    Fraction,
    Truth,
    Text,
    AllowedText,
    Uuid,
    Date,
    Time,
};

struct UsualValue {
    UsualKind kind = UsualKind::None;
    bool nullable = false;
    bool elements = false;   // an array of such values
    std::uint64_t first = 0; // Integer; Fraction, whose value lies below `last`; Date and Time, years
    std::uint64_t last = 0;
    std::size_t longest = 0; // Text: bytes without the quotes. Fraction: digits before the point
    const std::vector<QuotedPattern>* allowed = nullptr;

    // `column` must outlive the answer.
    static UsualValue of(const EventColumn& column);

    // How many places of a JSON index the value at the first of `places` takes; 0 when it is unusual.
    [[gnu::always_inline]] std::size_t places_of(const char* text, const std::uint32_t* places) const;

private:
    std::size_t places_of_array(const char* text, const std::uint32_t* places) const;
    // One text or scalar and the blanks behind it, which are unusual. A call would cost as much as the
    // answer.
    [[gnu::always_inline]] bool admits(const char* from, std::size_t length) const;
    bool admits_fraction(const char* from, std::size_t length) const;
    bool admits_text(const char* from, std::size_t length) const;
    bool is_allowed(const char* from, std::size_t length) const;
};

inline std::size_t UsualValue::places_of(const char* text, const std::uint32_t* places) const {
    if (elements) {
        return places_of_array(text, places);
    }
    const char* const from = text + places[0];
    const std::size_t length = places[1] - places[0];
    if (kind == UsualKind::Text && from[0] == '"' && length >= 2 && from[length - 1] == '"') {
        return admits_text(from + 1, length - 2) ? 1 : 0; // texts are half of all values
    }
    return admits(from, length) ? 1 : 0;
}

inline bool UsualValue::admits(const char* from, std::size_t length) const {
    const bool quoted = from[0] == '"' && length >= 2 && from[length - 1] == '"';
    std::uint64_t value = 0;
    unsigned year = 0;
    switch (kind) {
    case UsualKind::None:
        return false;
    case UsualKind::Integer:
        return read_short_integer(from, length, value) && value >= first && value <= last;
    case UsualKind::Fraction:
        return admits_fraction(from, length);
    case UsualKind::Truth:
        return (length == 4 && std::memcmp(from, "true", 4) == 0) ||
               (length == 5 && std::memcmp(from, "false", 5) == 0);
    case UsualKind::Text:
        return quoted ? admits_text(from + 1, length - 2)
                      : nullable && length == 4 && std::memcmp(from, "null", 4) == 0;
    case UsualKind::AllowedText:
        return is_allowed(from, length);
    case UsualKind::Uuid:
        return quoted && is_uuid(from + 1, length - 2);
    case UsualKind::Date:
        return quoted && is_usual_date(from + 1, length - 2, year) && year >= first && year <= last;
    case UsualKind::Time:
        return quoted && is_usual_time(from + 1, length - 2, year) && year >= first && year <= last;
    }
    return false;
}

inline bool UsualValue::admits_fraction(const char* from, std::size_t length) const {
    std::size_t point = 0;
    std::uint64_t whole = 0;
    return is_short_number(from, length, point) && point <= longest &&
           read_short_integer(from, point, whole) && whole >= first && whole < last;
}

inline bool UsualValue::admits_text(const char* from, std::size_t length) const {
    if (length > longest) {
        return false;
    }
    const TextFinds finds = scan_text(from, length);
    return finds.nothing() || (!finds.credential && !find_escape_fault({from, length}));
}

inline bool UsualValue::is_allowed(const char* from, std::size_t length) const {
    for (const QuotedPattern& one : *allowed) {
        if (one.matches(from, length)) {
            return true;
        }
    }
    return false;
}

} // namespace birdhouse::events
