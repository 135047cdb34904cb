// Calendar dates as people write them: 2026-11-26. No clock is read here.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse {

using Date = std::chrono::year_month_day;

// Nothing when the text is not YYYY-MM-DD, or the calendar has no such day.
std::optional<Date> parse_date(std::string_view text);
std::string format_date(Date date);

// In UTC.
Date date_of(std::chrono::system_clock::time_point moment);
Date days_after(Date date, int days);

} // namespace birdhouse
