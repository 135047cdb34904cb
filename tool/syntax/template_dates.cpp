// day_diff() and date_diff_in_*(): the time between two dates, never negative.
#include "syntax/template_dates.hpp"

#include "syntax/template_functions.hpp"

#include <array>
#include <cstdlib>

namespace birdhouse::syntax {

namespace {

constexpr std::int64_t kSecond = 1'000'000; // microseconds
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::string_view kDateFormat = "%Y-%m-%d";
constexpr std::string_view kDateTimeFormat = "%Y-%m-%d %H:%M:%S";

Outcome<std::optional<std::int64_t>> read_in_formats(const Value& date, const Values& formats) {
    const auto text = text_of(date);
    for (const Value& format : formats) {
        if (!text || !text_of(format)) {
            continue;
        }
        const auto read = read_date(*text, *text_of(format));
        if (const auto* moment = std::get_if<std::int64_t>(&read)) {
            return std::optional(*moment);
        }
        if (std::get_if<DateReadFault>(&read)->unknown_directive) {
            return unsupported("the date format `" + std::string(*text_of(format)) + "`");
        }
    }
    return std::optional<std::int64_t>();
}

bool is_placeholder(const Value& value) { return value.as<PlaceholderValue>() != nullptr; }

// Nullopt when one of the dates does not read.
Outcome<std::optional<std::int64_t>> difference(const Value& first, const Value& second,
                                                const Values& formats) {
    TRY_ASSIGN(const std::optional<std::int64_t> a, read_in_formats(first, formats));
    TRY_ASSIGN(const std::optional<std::int64_t> b, read_in_formats(second, formats));
    return a && b ? std::optional(std::abs(*a - *b)) : std::nullopt;
}

Outcome<Value> day_diff(Evaluator&, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"d0", "d1", "default"}, 2));
    if (is_placeholder(*bound[0]) || is_placeholder(*bound[1])) {
        return bound[2] && is_true(*bound[2]) ? *bound[2] : make_integer(0);
    }
    TRY_ASSIGN(const std::optional<std::int64_t> apart,
               difference(*bound[0], *bound[1], {make_text(std::string(kDateFormat))}));
    if (!apart) {
        return refuse("invalid date format in function `day_diff`, it must be ISO format date YYYY-MM-DD, "
                      "e.g. 2018-09-26. "
                      "For other fotmats, try `date_diff_in_days`");
    }
    return make_integer(*apart / kDay);
}

Failure day_refused(std::string_view function) {
    return refuse("invalid date format in function `" + std::string(function) +
                  "`, it must be ISO format date YYYY-MM-DD, e.g. 2018-09-26");
}

Failure time_refused(std::string_view function) {
    return refuse("invalid date_format in function `" + std::string(function) +
                  "`, defaults to YYYY-MM-DD hh:mm:ss. Or %Y-%m-%d %H:%M:%S [.ssssss]Z, e.g. ms: "
                  "2022-12-19T18:42:22.591Z s:2022-12-19T18:42:22Z");
}

// `named` is the function the message blames.
Outcome<Value> date_difference(const Arguments& given, std::string_view named, std::string_view format,
                               std::int64_t unit) {
    TRY_ASSIGN(const Bound bound,
               bind(given, {"d0", "d1", "date_format", "default", "backup_date_format", "none_if_error"}, 2));
    if (is_placeholder(*bound[0]) || is_placeholder(*bound[1])) {
        return bound[3] && is_true(*bound[3]) ? *bound[3] : make_integer(0);
    }
    const Value chosen = bound[2].value_or(make_text(std::string(format)));
    TRY_ASSIGN(const std::optional<std::int64_t> apart,
               difference(*bound[0], *bound[1], {chosen, value_or_none(bound[4])}));
    if (apart) {
        return make_integer(*apart / unit);
    }
    if (bound[5] && is_true(*bound[5])) {
        return Value{};
    }
    return unit == kDay ? day_refused(named) : time_refused(named);
}

Outcome<Value> in_days(Evaluator&, const Arguments& given) {
    return date_difference(given, "date_diff_in_days", kDateFormat, kDay);
}

Outcome<Value> in_hours(Evaluator&, const Arguments& given) {
    return date_difference(given, "date_diff_in_hours", kDateTimeFormat, 3600 * kSecond);
}

// Minutes are counted from seconds, and so seconds are what the message speaks of.
Outcome<Value> in_minutes(Evaluator&, const Arguments& given) {
    return date_difference(given, "date_diff_in_seconds", kDateTimeFormat, 60 * kSecond);
}

Outcome<Value> in_seconds(Evaluator&, const Arguments& given) {
    return date_difference(given, "date_diff_in_seconds", kDateTimeFormat, kSecond);
}

} // namespace

std::span<const FunctionEntry> date_functions() {
    static constexpr auto kEntries = std::to_array<FunctionEntry>({
        {"day_diff", day_diff},
        {"date_diff_in_days", in_days},
        {"date_diff_in_hours", in_hours},
        {"date_diff_in_minutes", in_minutes},
        {"date_diff_in_seconds", in_seconds},
    });
    return kEntries;
}

} // namespace birdhouse::syntax
