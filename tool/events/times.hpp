// The texts that Date and DateTime columns take: `2025-06-18`, `2025-06-18 09:12:03`,
// `2025-06-18T09:12:03.411Z`, `2025-06-18T11:12:03+02:00`. Not date-only for DateTime, not 24:00, no leap
// seconds: what the documentation does not list is refused, since a wrong time is worse than a refused row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::events {

struct DateText {
    int year = 0; // 0 to 9999
    unsigned month = 1;
    unsigned day = 1;
};

struct TimeText {
    DateText date;
    unsigned second_of_day = 0;
    std::string_view fraction;      // the digits behind the point
    bool has_offset = false;        // `Z` or `+02:00` was given
    bool has_number_offset = false; // `+02:00`
    int offset_minutes = 0;
};

std::optional<DateText> parse_date(std::string_view text);
std::optional<TimeText> parse_time(std::string_view text);

std::int64_t days_since_1970(const DateText& date);
// Taken as UTC when no offset was given.
std::int64_t seconds_since_1970(const TimeText& time);

// `YYYY-MM-DD HH:MM:SS`; for years 0 to 9999.
void append_time(std::string& out, std::int64_t seconds_since_1970);

} // namespace birdhouse::events
