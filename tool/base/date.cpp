#include "base/date.hpp"

#include <algorithm>
#include <charconv>

namespace birdhouse {

namespace {

constexpr std::size_t kLength = 10; // of 2026-11-26

bool is_digit(char c) { return c >= '0' && c <= '9'; }

unsigned number_in(std::string_view digits) {
    unsigned number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string padded(unsigned number, std::size_t digits) {
    const std::string text = std::to_string(number);
    return std::string(digits - std::min(digits, text.size()), '0') + text;
}

} // namespace

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != kLength || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    for (const std::string_view part : {text.substr(0, 4), text.substr(5, 2), text.substr(8, 2)}) {
        if (!std::all_of(part.begin(), part.end(), is_digit)) {
            return std::nullopt;
        }
    }
    const Date date{std::chrono::year(static_cast<int>(number_in(text.substr(0, 4)))),
                    std::chrono::month(number_in(text.substr(5, 2))),
                    std::chrono::day(number_in(text.substr(8, 2)))};
    return date.ok() ? std::optional(date) : std::nullopt;
}

std::string format_date(Date date) {
    return padded(static_cast<unsigned>(static_cast<int>(date.year())), 4) + "-" +
           padded(static_cast<unsigned>(date.month()), 2) + "-" +
           padded(static_cast<unsigned>(date.day()), 2);
}

Date date_of(std::chrono::system_clock::time_point moment) {
    return Date(std::chrono::floor<std::chrono::days>(moment));
}

Date days_after(Date date, int days) { return Date(std::chrono::sys_days(date) + std::chrono::days(days)); }

} // namespace birdhouse
