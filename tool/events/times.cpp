#include "events/times.hpp"

#include <array>
#include <chrono>

namespace birdhouse::events {

namespace {

constexpr unsigned kSecondsPerDay = 86'400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads from the front of a text; a failed read leaves the cursor failed for good.
class Cursor {
public:
    explicit Cursor(std::string_view rest) : rest_(rest) {}

    unsigned number(std::size_t digits, unsigned highest) {
        unsigned value = 0;
        if (rest_.size() < digits) {
            failed_ = true;
            return 0;
        }
        for (std::size_t i = 0; i < digits; ++i) {
            failed_ = failed_ || !is_digit(rest_[i]);
            value = value * 10 + static_cast<unsigned>(rest_[i] - '0');
        }
        failed_ = failed_ || value > highest;
        rest_.remove_prefix(digits);
        return value;
    }

    bool take(char wanted) {
        const bool there = rest_.starts_with(wanted);
        rest_.remove_prefix(there ? 1 : 0);
        return there;
    }

    void expect(char wanted) { failed_ = !take(wanted) || failed_; }

    std::string_view digits() {
        std::size_t count = 0;
        while (count < rest_.size() && is_digit(rest_[count])) {
            ++count;
        }
        const std::string_view taken = rest_.substr(0, count);
        failed_ = failed_ || taken.empty();
        rest_.remove_prefix(count);
        return taken;
    }

    bool finished() const { return !failed_ && rest_.empty(); }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
    bool failed_ = false;
};

bool exists(const DateText& date) {
    return std::chrono::year_month_day(std::chrono::year(date.year), std::chrono::month(date.month),
                                       std::chrono::day(date.day))
        .ok();
}

DateText read_date(Cursor& cursor) {
    DateText date;
    date.year = static_cast<int>(cursor.number(4, 9999));
    cursor.expect('-');
    date.month = cursor.number(2, 12);
    cursor.expect('-');
    date.day = cursor.number(2, 31);
    return date;
}

unsigned read_time_of_day(Cursor& cursor) {
    const unsigned hour = cursor.number(2, 23);
    cursor.expect(':');
    const unsigned minute = cursor.number(2, 59);
    cursor.expect(':');
    return (hour * 60 + minute) * 60 + cursor.number(2, 59);
}

// `+02:00`, `+0200`, `+02`
int read_offset(Cursor& cursor, int sign) {
    int minutes = static_cast<int>(cursor.number(2, 14)) * 60;
    if (cursor.take(':') || !cursor.at_end()) {
        minutes += static_cast<int>(cursor.number(2, 59));
    }
    return sign * minutes;
}

void append_padded(std::string& out, unsigned value, unsigned width) {
    std::array<char, 4> digits{};
    for (unsigned at = width; at > 0; --at) {
        digits[at - 1] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(digits.data(), width);
}

} // namespace

std::optional<DateText> parse_date(std::string_view text) {
    Cursor cursor(text);
    const DateText date = read_date(cursor);
    return cursor.finished() && exists(date) ? std::optional(date) : std::nullopt;
}

std::optional<TimeText> parse_time(std::string_view text) {
    Cursor cursor(text);
    TimeText time;
    time.date = read_date(cursor);
    if (!cursor.take('T')) {
        cursor.expect(' ');
    }
    time.second_of_day = read_time_of_day(cursor);
    if (cursor.take('.')) {
        time.fraction = cursor.digits();
    }
    if (cursor.take('Z')) {
        time.has_offset = true;
    } else if (const int sign = cursor.take('+') ? 1 : cursor.take('-') ? -1 : 0; sign != 0) {
        time.has_offset = true;
        time.has_number_offset = true;
        time.offset_minutes = read_offset(cursor, sign);
    }
    return cursor.finished() && exists(time.date) ? std::optional(time) : std::nullopt;
}

std::int64_t days_since_1970(const DateText& date) {
    const std::chrono::year_month_day day(std::chrono::year(date.year), std::chrono::month(date.month),
                                          std::chrono::day(date.day));
    return std::chrono::sys_days(day).time_since_epoch().count();
}

std::int64_t seconds_since_1970(const TimeText& time) {
    return days_since_1970(time.date) * kSecondsPerDay + time.second_of_day -
           std::int64_t{60} * time.offset_minutes;
}

void append_time(std::string& out, std::int64_t seconds) {
    const auto since = std::chrono::sys_seconds(std::chrono::seconds(seconds));
    const auto days = std::chrono::floor<std::chrono::days>(since);
    const std::chrono::year_month_day date(days);
    const auto of_day = static_cast<unsigned>((since - days).count());
    append_padded(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 2);
    out += ' ';
    append_padded(out, of_day / 3600, 2);
    out += ':';
    append_padded(out, of_day / 60 % 60, 2);
    out += ':';
    append_padded(out, of_day % 60, 2);
}

} // namespace birdhouse::events
