#include "base/text.hpp"
#include "syntax/template_dates.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

namespace birdhouse::syntax {

namespace {

struct DateFields {
    int year = 1900;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int microsecond = 0;
    int offset_minutes = 0;
    bool twelve_hours = false;
    bool afternoon = false;
};

class DateReader {
public:
    DateReader(std::string_view text, std::string_view format) : text_(text), format_(format) {}

    std::variant<std::int64_t, DateReadFault> read() {
        bool fits = true;
        for (std::size_t i = 0; i < format_.size() && fits;) {
            if (format_[i] == '%') {
                fits = i + 1 < format_.size() && read_directive(format_[i + 1]);
                i += 2;
            } else {
                fits = read_literal(i);
            }
        }
        if (!fits || at_ != text_.size() || !is_calendar_date()) {
            return DateReadFault{unknown_directive_};
        }
        return microseconds();
    }

private:
    // Whitespace in the format stands for any run of whitespace; letters match in any case.
    bool read_literal(std::size_t& i) {
        std::size_t next = i;
        if (is_space(next_code_point(format_, next))) {
            for (i = next; next < format_.size() && is_space(next_code_point(format_, next));) {
                i = next;
            }
            const std::size_t begin = at_;
            while (at_ < text_.size()) {
                std::size_t after = at_;
                if (!is_space(next_code_point(text_, after))) {
                    break;
                }
                at_ = after;
            }
            return at_ > begin;
        }
        const bool same = at_ < text_.size() &&
                          to_lower_ascii(text_.substr(at_, 1)) == to_lower_ascii(format_.substr(i, 1));
        ++at_;
        ++i;
        return same;
    }

    bool read_directive(char directive) {
        switch (directive) {
        case 'Y':
            return read_number(fields_.year, 4, 4, 1, 9999);
        case 'y':
            return read_short_year();
        case 'm':
            return read_number(fields_.month, 1, 2, 1, 12);
        case 'd':
            return read_number(fields_.day, 1, 2, 1, 31);
        case 'H':
            return read_number(fields_.hour, 1, 2, 0, 23);
        case 'I':
            fields_.twelve_hours = true;
            return read_number(fields_.hour, 1, 2, 1, 12);
        case 'M':
            return read_number(fields_.minute, 1, 2, 0, 59);
        case 'S':
            return read_number(fields_.second, 1, 2, 0, 61);
        case 'f':
            return read_fraction();
        case 'p':
            return read_half_day();
        case 'b':
        case 'B':
            return read_month_name(directive == 'B');
        case 'z':
            return read_zone();
        case '%':
            return at_ < text_.size() && text_[at_++] == '%';
        default:
            unknown_directive_ = true;
            return false;
        }
    }

    // As many digits as fit, at most `most`; one fewer when the larger number is out of range: `%m%d` of
    // "131".
    bool read_number(int& field, std::size_t fewest, std::size_t most, int smallest, int largest) {
        std::size_t digits = 0;
        while (digits < most && at_ + digits < text_.size() && text_[at_ + digits] >= '0' &&
               text_[at_ + digits] <= '9') {
            ++digits;
        }
        for (; digits >= fewest && digits > 0; --digits) {
            int number = 0;
            for (const char c : text_.substr(at_, digits)) {
                number = number * 10 + (c - '0');
            }
            if (number >= smallest && number <= largest) {
                field = number;
                at_ += digits;
                return true;
            }
        }
        return false;
    }

    bool read_short_year() {
        const bool fits = read_number(fields_.year, 2, 2, 0, 99);
        fields_.year += fields_.year < 69 ? 2000 : 1900;
        return fits;
    }

    bool read_fraction() {
        const std::size_t begin = at_;
        if (!read_number(fields_.microsecond, 1, 6, 0, 999'999)) {
            return false;
        }
        for (std::size_t digits = at_ - begin; digits < 6; ++digits) {
            fields_.microsecond *= 10;
        }
        return true;
    }

    bool read_half_day() {
        const std::string word = to_lower_ascii(text_.substr(std::min(at_, text_.size()), 2));
        fields_.afternoon = word == "pm";
        at_ += 2;
        return word == "am" || word == "pm";
    }

    bool read_month_name(bool whole) {
        constexpr auto kMonths =
            std::to_array<std::string_view>({"january", "february", "march", "april", "may", "june", "july",
                                             "august", "september", "october", "november", "december"});
        const std::string rest = to_lower_ascii(text_.substr(std::min(at_, text_.size()), 9));
        for (std::size_t i = 0; i < kMonths.size(); ++i) {
            const std::string_view name = whole ? kMonths[i] : kMonths[i].substr(0, 3);
            if (rest.starts_with(name)) {
                fields_.month = static_cast<int>(i) + 1;
                at_ += name.size();
                return true;
            }
        }
        return false;
    }

    // Z, +hhmm or +hh:mm
    bool read_zone() {
        const char sign = at_ < text_.size() ? text_[at_++] : '\0';
        if (sign == 'Z' || sign == 'z') {
            return true;
        }
        int hours = 0;
        int minutes = 0;
        if ((sign != '+' && sign != '-') || !read_number(hours, 2, 2, 0, 23)) {
            return false;
        }
        at_ += at_ < text_.size() && text_[at_] == ':' ? 1U : 0U;
        if (!read_number(minutes, 2, 2, 0, 59)) {
            return false;
        }
        fields_.offset_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
        return true;
    }

    std::chrono::year_month_day date() const {
        return std::chrono::year(fields_.year) / fields_.month / fields_.day;
    }

    bool is_calendar_date() const { return date().ok() && fields_.second < 60; }

    std::int64_t microseconds() const {
        const std::int64_t days = std::chrono::sys_days(date()).time_since_epoch().count();
        int hour = fields_.hour;
        if (fields_.twelve_hours) {
            hour = hour % 12 + (fields_.afternoon ? 12 : 0);
        }
        const std::int64_t minutes =
            days * 1440 + std::int64_t{hour} * 60 + fields_.minute - fields_.offset_minutes;
        return (minutes * 60 + fields_.second) * 1'000'000 + fields_.microsecond;
    }

    std::string_view text_;
    std::string_view format_;
    std::size_t at_ = 0;
    bool unknown_directive_ = false;
    DateFields fields_;
};

} // namespace

std::variant<std::int64_t, DateReadFault> read_date(std::string_view text, std::string_view format) {
    return DateReader(text, format).read();
}

} // namespace birdhouse::syntax
