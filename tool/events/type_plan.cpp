#include "events/type_plan.hpp"

#include "events/times.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace birdhouse::events {

namespace {

using syntax::ClickHouseType;
using syntax::TypeArgument;

struct SimpleType {
    std::string_view name;
    ValueKind kind;
    unsigned bits = 0;
};

constexpr auto kSimpleTypes = std::to_array<SimpleType>({
    {"String", ValueKind::String},
    {"Bool", ValueKind::Bool},
    {"Boolean", ValueKind::Bool},
    {"UUID", ValueKind::Uuid},
    {"Date", ValueKind::Date, 16},
    {"Date32", ValueKind::Date, 32},
    {"Float32", ValueKind::Float, 32},
    {"Float64", ValueKind::Float, 64},
    {"DateTime", ValueKind::DateTime},
    {"JSON", ValueKind::Json},
});

constexpr std::string_view kInt = "Int";

// Both ends are days.
constexpr std::int64_t kLastDate = 65'535;
constexpr DateText kFirstDate32{1900, 1, 1};
constexpr DateText kLastDate32{2299, 12, 31};
constexpr std::int64_t kSecondsPerDay = 86'400;
// Nanoseconds since 1970 end in 2262, when 64 bits are full.
constexpr std::int64_t kLastNanosecondTime = 9'223'372'036;
constexpr unsigned kNanoseconds = 9;
constexpr std::int64_t kLastDateTime = UINT32_MAX;

std::optional<unsigned> number_argument(const ClickHouseType& type, std::size_t index) {
    if (index >= type.arguments.size() || type.arguments[index].kind != TypeArgument::Kind::Number) {
        return std::nullopt;
    }
    const std::string& text = type.arguments[index].text;
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

const ClickHouseType* type_argument(const ClickHouseType& type, std::size_t index) {
    const bool there =
        index < type.arguments.size() && type.arguments[index].kind == TypeArgument::Kind::Type;
    return there ? &type.arguments[index].type.front() : nullptr;
}

// A time zone argument: a text that is not a name of UTC.
bool is_zoned(const ClickHouseType& type) {
    const bool named = !type.arguments.empty() && type.arguments.back().kind == TypeArgument::Kind::Text;
    const std::string& zone = named ? type.arguments.back().text : std::string();
    return named && zone != "UTC" && zone != "Etc/UTC" && zone != "GMT";
}

class Planner {
public:
    Planner(const ReadingRules& rules, TypePlan& plan, std::string& unsupported)
        : rules_(rules), plan_(plan), unsupported_(unsupported) {}

    bool add(const ClickHouseType& written) {
        const ClickHouseType& type = unwrapped(written);
        const std::size_t self = plan_.nodes.size();
        plan_.nodes.emplace_back();
        TypeNode node;
        node.nullable = is_nullable(written);
        node.shown = write_clickhouse_type(type);
        if (!fill_simple(node, type) && !fill_integer(node, type.name) && !fill_with_numbers(node, type) &&
            !fill_container(node, type)) {
            // A container has named the part of it that failed.
            unsupported_ = unsupported_.empty() ? node.shown : unsupported_;
            return false;
        }
        plan_.nodes[self] = std::move(node);
        return true;
    }

private:
    bool fill_simple(TypeNode& node, const ClickHouseType& type) const {
        for (const SimpleType& simple : kSimpleTypes) {
            if (simple.name == type.name) {
                node.kind = simple.kind;
                node.bits = simple.bits;
                node.zoned = simple.kind == ValueKind::DateTime && is_zoned(type);
                node.takes_fraction = simple.kind != ValueKind::DateTime || rules_.fraction_into_datetime;
                set_bounds(node);
                set_years(node);
                return true;
            }
        }
        return false;
    }

    static void set_bounds(TypeNode& node) {
        if (node.kind == ValueKind::Date && node.bits == 16) {
            node.last = kLastDate;
        } else if (node.kind == ValueKind::Date) {
            node.first = days_since_1970(kFirstDate32);
            node.last = days_since_1970(kLastDate32);
        } else if (node.kind == ValueKind::DateTime) {
            node.last = kLastDateTime;
        } else if (node.kind == ValueKind::DateTime64) {
            node.first = days_since_1970(kFirstDate32) * kSecondsPerDay;
            node.last = node.scale == kNanoseconds ? kLastNanosecondTime
                                                   : (days_since_1970(kLastDate32) + 1) * kSecondsPerDay - 1;
        }
    }

    static void set_years(TypeNode& node) {
        const auto begins = [&](int year) {
            const std::int64_t day = days_since_1970({year, 1, 1});
            return node.kind == ValueKind::Date ? day : day * kSecondsPerDay;
        };
        int first = 1900;
        int last = 2300;
        for (; begins(first) < node.first; ++first) {
        }
        for (; begins(last + 1) - 1 > node.last; --last) {
        }
        node.first_year = static_cast<unsigned>(first);
        node.last_year = static_cast<unsigned>(last);
    }

    // Int8 to Int256 and UInt8 to UInt256.
    bool fill_integer(TypeNode& node, std::string_view name) {
        const bool is_signed = !name.starts_with('U');
        name.remove_prefix(is_signed ? 0 : 1);
        if (!name.starts_with(kInt)) {
            return false;
        }
        for (const unsigned bits : {8U, 16U, 32U, 64U, 128U, 256U}) {
            if (name.substr(kInt.size()) == std::to_string(bits)) {
                node.kind = ValueKind::Integer;
                node.bits = bits;
                node.limits = integer_limits(bits, is_signed);
                node.short_limit =
                    bits >= 32 ? UINT32_MAX >> 1U : (std::uint64_t{1} << (bits - (is_signed ? 1 : 0))) - 1;
                node.takes_boolean = bits == 8 && !is_signed && rules_.boolean_into_uint8;
                node.takes_numeric_text = bits >= 64 ? rules_.numeric_text_into_wide_integers
                                                     : rules_.numeric_text_into_narrow_integers;
                return true;
            }
        }
        return false;
    }

    static bool fill_with_numbers(TypeNode& node, const ClickHouseType& type) {
        const std::optional<unsigned> first = number_argument(type, 0);
        if (type.name == "FixedString" && first) {
            node.kind = ValueKind::FixedString;
            node.length = *first;
            return true;
        }
        if (type.name == "DateTime64") {
            node.kind = ValueKind::DateTime64;
            node.scale = first.value_or(3);
            node.zoned = is_zoned(type);
            set_bounds(node);
            set_years(node);
            return node.scale <= kNanoseconds;
        }
        return fill_decimal(node, type);
    }

    // Decimal(18, 4), Decimal(18), Decimal64(4).
    static bool fill_decimal(TypeNode& node, const ClickHouseType& type) {
        struct Width {
            std::string_view name;
            unsigned precision;
        };
        static constexpr auto kWidths = std::to_array<Width>(
            {{"Decimal32", 9}, {"Decimal64", 18}, {"Decimal128", 38}, {"Decimal256", 76}, {"Decimal", 0}});
        for (const Width& width : kWidths) {
            if (width.name == type.name) {
                const bool fixed = width.precision != 0;
                node.kind = ValueKind::Decimal;
                node.length = fixed ? width.precision : number_argument(type, 0).value_or(10);
                node.scale = number_argument(type, fixed ? 0 : 1).value_or(0);
                return node.length <= 76 && node.scale <= node.length;
            }
        }
        return false;
    }

    bool fill_container(TypeNode& node, const ClickHouseType& type) {
        if (type.name == "Array" && type_argument(type, 0) != nullptr) {
            node.kind = ValueKind::Array;
            node.element = plan_.nodes.size();
            return add(*type_argument(type, 0));
        }
        if (type.name == "Map" && type_argument(type, 0) != nullptr && type_argument(type, 1) != nullptr) {
            node.kind = ValueKind::Map;
            node.key = plan_.nodes.size();
            if (!add(*type_argument(type, 0)) || !is_key_kind(plan_.nodes[node.key].kind)) {
                return false;
            }
            // A JSON key is a text, so the number in it is one too.
            plan_.nodes[node.key].takes_numeric_text = true;
            node.element = plan_.nodes.size();
            return add(*type_argument(type, 1));
        }
        return false;
    }

    static bool is_key_kind(ValueKind kind) {
        return kind == ValueKind::String || kind == ValueKind::FixedString || kind == ValueKind::Integer ||
               kind == ValueKind::Uuid || kind == ValueKind::Date;
    }

    const ReadingRules& rules_;
    TypePlan& plan_;
    std::string& unsupported_;
};

} // namespace

std::optional<TypePlan> plan_type(const ClickHouseType& type, const ReadingRules& rules,
                                  std::string& unsupported) {
    TypePlan plan;
    unsupported.clear();
    if (!Planner(rules, plan, unsupported).add(type)) {
        return std::nullopt;
    }
    return plan;
}

} // namespace birdhouse::events
