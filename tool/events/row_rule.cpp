#include "events/row_rule.hpp"

#include "base/text.hpp"
#include "events/json_text.hpp"
#include "events/numbers.hpp"
#include "events/times.hpp"

#include <array>
#include <compare>

namespace birdhouse::events {

namespace {

struct Sign {
    std::string_view text;
    Comparison comparison;
};

// Longer ones first.
constexpr auto kSigns = std::to_array<Sign>({{">=", Comparison::AtLeast},
                                             {"<=", Comparison::AtMost},
                                             {"!=", Comparison::Different},
                                             {"=", Comparison::Equal},
                                             {">", Comparison::Greater},
                                             {"<", Comparison::Less}});

std::optional<std::uint32_t> find(std::string_view name, const std::vector<EventColumn>& columns) {
    for (std::uint32_t index = 0; index < columns.size(); ++index) {
        if (columns[index].name == name) {
            return index;
        }
    }
    return std::nullopt;
}

std::optional<Comparable> family_of(const EventColumn& column) {
    switch (column.plan.nodes.front().kind) {
    case ValueKind::Integer:
    case ValueKind::Float:
    case ValueKind::Decimal:
        return Comparable::Number;
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::DateTime64:
        return Comparable::Time;
    case ValueKind::String:
    case ValueKind::FixedString:
    case ValueKind::Uuid:
        return Comparable::Text;
    default:
        return std::nullopt;
    }
}

// What a scalar or text of a row means.
std::string meaning(std::string_view written) {
    std::string text;
    if (written.size() >= 2 && written.front() == '"') {
        append_unescaped(text, written.substr(1, written.size() - 2));
    } else {
        text = written;
    }
    return text;
}

// Seconds since 1970 and the digits behind them, which compare as texts once trailing zeroes are gone.
struct Moment {
    std::int64_t seconds = 0;
    std::string_view fraction;
    friend auto operator<=>(const Moment&, const Moment&) = default;
};

std::optional<Moment> moment_of(std::string_view text) {
    if (const std::optional<DateText> date = parse_date(text)) {
        constexpr std::int64_t kSecondsPerDay = 86'400;
        return Moment{days_since_1970(*date) * kSecondsPerDay, {}};
    }
    const std::optional<TimeText> time = parse_time(text);
    if (!time) {
        return std::nullopt;
    }
    const std::size_t last = time->fraction.find_last_not_of('0');
    return Moment{seconds_since_1970(*time),
                  time->fraction.substr(0, last == std::string_view::npos ? 0 : last + 1)};
}

std::optional<int> compare(Comparable family, std::string_view left, std::string_view right) {
    if (family == Comparable::Number) {
        const bool numbers = number_shape(left).well_formed && number_shape(right).well_formed;
        return numbers ? std::optional(compare_numbers(left, right)) : std::nullopt;
    }
    if (family == Comparable::Text) {
        return left.compare(right);
    }
    const std::optional<Moment> a = moment_of(left);
    const std::optional<Moment> b = moment_of(right);
    if (!a || !b) {
        return std::nullopt;
    }
    return *a < *b ? -1 : *b < *a ? 1 : 0;
}

} // namespace

std::optional<RowRule> parse_row_rule(std::string_view text, const std::vector<EventColumn>& columns,
                                      std::string& fault) {
    for (const Sign& sign : kSigns) {
        const std::size_t at = text.find(sign.text);
        if (at == std::string_view::npos) {
            continue;
        }
        const std::string_view left = trim(text.substr(0, at));
        const std::string_view right = trim(text.substr(at + sign.text.size()));
        const std::optional<std::uint32_t> first = find(left, columns);
        const std::optional<std::uint32_t> second = find(right, columns);
        const bool number = number_shape(right).well_formed;
        if (!first || (!second && !number)) {
            fault = "no column with a JSON path is called " + backquoted(first ? right : left);
            return std::nullopt;
        }
        const std::optional<Comparable> family = family_of(columns[*first]);
        if (!family || family != (second ? family_of(columns[*second]) : Comparable::Number)) {
            fault = backquoted(left) + " and " + backquoted(right) + " cannot be compared";
            return std::nullopt;
        }
        return RowRule{
            std::string(text), *first, second.value_or(kNoColumn), second ? "" : std::string(right),
            sign.comparison,   *family};
    }
    fault = "it has none of `>=`, `<=`, `>`, `<`, `=`, `!=`";
    return std::nullopt;
}

bool holds(const RowRule& rule, std::string_view left, std::string_view right) {
    constexpr std::string_view kNull = "null";
    if (left == kNull || right == kNull) {
        return true;
    }
    const std::optional<int> order = compare(rule.family, meaning(left), meaning(right));
    if (!order) {
        return true;
    }
    switch (rule.comparison) {
    case Comparison::AtLeast:
        return *order >= 0;
    case Comparison::AtMost:
        return *order <= 0;
    case Comparison::Greater:
        return *order > 0;
    case Comparison::Less:
        return *order < 0;
    case Comparison::Equal:
        return *order == 0;
    case Comparison::Different:
        return *order != 0;
    }
    return true;
}

} // namespace birdhouse::events
