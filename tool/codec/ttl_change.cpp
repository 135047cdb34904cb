#include "codec/ttl_change.hpp"

#include "base/text.hpp"
#include "codec/sql_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace birdhouse::codec {

namespace {

struct Unit {
    std::string_view name; // in lower case
    std::uint32_t seconds;
    std::uint32_t months;
};

constexpr std::uint32_t kDay = 86'400;
constexpr std::array<Unit, 8> kUnits = {{
    {"second", 1, 0},
    {"minute", 60, 0},
    {"hour", 3'600, 0},
    {"day", kDay, 0},
    {"week", 7 * kDay, 0},
    {"month", 0, 1},
    {"quarter", 0, 3},
    {"year", 0, 12},
}};

const Unit* find_unit(std::string_view name) {
    const auto found = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& unit) {
        return name == unit.name || name == std::string(unit.name) + "s";
    });
    return found == kUnits.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> read_count(std::string_view text) {
    if (text.size() > 2 && text.starts_with('\'') && text.ends_with('\'')) {
        text = text.substr(1, text.size() - 2);
    }
    std::uint32_t count = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
    return problem == std::errc() && end == text.data() + text.size() ? std::optional(count) : std::nullopt;
}

using Words = std::vector<std::string>;

struct Interval {
    std::size_t length = 0; // words, from the end
    const Unit* unit = nullptr;
    std::optional<std::uint32_t> count;
    bool is_known() const { return unit != nullptr && count.has_value(); }
};

// `... INTERVAL 3 DAY`
Interval interval_literal(const Words& words) {
    const std::size_t size = words.size();
    if (size < 3 || to_lower_ascii(words[size - 3]) != "interval") {
        return {};
    }
    return {3, find_unit(to_lower_ascii(words[size - 1])), read_count(words[size - 2])};
}

// `... toIntervalDay(3)`
Interval interval_function(const Words& words) {
    constexpr std::string_view kPrefix = "tointerval";
    const std::size_t size = words.size();
    if (size < 4 || words[size - 1] != ")" || words[size - 3] != "(") {
        return {};
    }
    const std::string function = to_lower_ascii(words[size - 4]);
    if (!function.starts_with(kPrefix)) {
        return {};
    }
    return {4, find_unit(std::string_view(function).substr(kPrefix.size())), read_count(words[size - 2])};
}

// Several rules, or one that does more than delete.
bool is_more_than_a_life(const Words& words) {
    static constexpr std::array<std::string_view, 6> kRules = {",",     "to",         "where",
                                                               "group", "recompress", "set"};
    std::size_t depth = 0;
    for (const std::string& word : words) {
        depth += word == "(" ? 1U : 0U;
        depth -= word == ")" && depth > 0 ? 1U : 0U;
        if (depth == 0 && std::find(kRules.begin(), kRules.end(), to_lower_ascii(word)) != kRules.end()) {
            return true;
        }
    }
    return false;
}

TtlChange compare_counts(std::uint64_t before, std::uint64_t after) {
    if (before == after) {
        return TtlChange::Same;
    }
    return after > before ? TtlChange::Widened : TtlChange::Shortened;
}

} // namespace

std::optional<RowLife> parse_row_life(std::string_view ttl) {
    Words words = sql_words(ttl);
    if (!words.empty() && to_lower_ascii(words.back()) == "delete") {
        words.pop_back();
    }
    Interval interval = interval_literal(words);
    if (!interval.is_known()) {
        interval = interval_function(words);
    }
    if (!interval.is_known() || is_more_than_a_life(words)) {
        return std::nullopt;
    }
    if (words.size() < interval.length + 2 || words[words.size() - interval.length - 1] != "+") {
        return std::nullopt;
    }
    words.resize(words.size() - interval.length - 1);
    const std::uint64_t count = *interval.count;
    return RowLife{join(words, " "), count * interval.unit->seconds, count * interval.unit->months};
}

// A month has 28 to 31 days: where the two overlap so, nobody can say.
TtlChange compare_lives(const RowLife& before, const RowLife& after) {
    if (before.months == 0 && after.months == 0) {
        return compare_counts(before.seconds, after.seconds);
    }
    if (before.months != 0 && after.months != 0) {
        return compare_counts(before.months, after.months);
    }
    const auto shortest = [](const RowLife& life) { return life.seconds + life.months * 28 * kDay; };
    const auto longest = [](const RowLife& life) { return life.seconds + life.months * 31 * kDay; };
    if (shortest(after) >= longest(before)) {
        return TtlChange::Widened;
    }
    return longest(after) <= shortest(before) ? TtlChange::Shortened : TtlChange::Other;
}

TtlChange compare_ttl(std::string_view before, std::string_view after) {
    const std::string old_form = sql_form(before);
    const std::string new_form = sql_form(after);
    if (old_form == new_form) {
        return TtlChange::Same;
    }
    if (old_form.empty() || new_form.empty()) {
        return old_form.empty() ? TtlChange::Added : TtlChange::Removed;
    }
    const std::optional<RowLife> old_life = parse_row_life(before);
    const std::optional<RowLife> new_life = parse_row_life(after);
    if (!old_life || !new_life || old_life->from != new_life->from) {
        return TtlChange::Other;
    }
    return compare_lives(*old_life, *new_life);
}

bool outlives(std::string_view target_ttl, std::string_view source_ttl) {
    if (target_ttl.empty() || source_ttl.empty()) {
        return target_ttl.empty() && !source_ttl.empty();
    }
    const std::optional<RowLife> target = parse_row_life(target_ttl);
    const std::optional<RowLife> source = parse_row_life(source_ttl);
    return target && source && compare_lives(*source, *target) == TtlChange::Widened;
}

} // namespace birdhouse::codec
