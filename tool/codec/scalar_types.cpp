#include "codec/scalar_types.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace birdhouse::codec {

namespace {

using syntax::ClickHouseType;
using syntax::TypeArgument;

enum class Kind : std::uint8_t {
    Bool,
    Integer,
    Float,
    Decimal,
    Date,
    Date32,
    DateTime,
    DateTime64,
    Text,
    FixedText,
    Enum,
    Uuid,
    Ipv4,
    Ipv6,
};

// Between families no value has a meaning that stays.
enum class Family : std::uint8_t { Number, Time, Text, Enum, Uuid, Address };

// `size` is the number of bits that hold a whole number, of digits before the point, of digits of a second,
// or of bytes; `part` is the number of digits behind the point, or 1 for a type with a sign.
struct Scalar {
    Kind kind = Kind::Text;
    unsigned size = 0;
    unsigned part = 0;
};

struct Named {
    std::string_view name;
    Scalar scalar;
};

constexpr auto kFixed = std::to_array<Named>({
    {"Bool", {Kind::Bool, 1, 0}},         {"UInt8", {Kind::Integer, 8, 0}},
    {"UInt16", {Kind::Integer, 16, 0}},   {"UInt32", {Kind::Integer, 32, 0}},
    {"UInt64", {Kind::Integer, 64, 0}},   {"UInt128", {Kind::Integer, 128, 0}},
    {"UInt256", {Kind::Integer, 256, 0}}, {"Int8", {Kind::Integer, 7, 1}},
    {"Int16", {Kind::Integer, 15, 1}},    {"Int32", {Kind::Integer, 31, 1}},
    {"Int64", {Kind::Integer, 63, 1}},    {"Int128", {Kind::Integer, 127, 1}},
    {"Int256", {Kind::Integer, 255, 1}},  {"BFloat16", {Kind::Float, 8, 1}},
    {"Float32", {Kind::Float, 24, 1}},    {"Float64", {Kind::Float, 53, 1}},
    {"Date", {Kind::Date, 0, 0}},         {"Date32", {Kind::Date32, 0, 0}},
    {"DateTime", {Kind::DateTime, 0, 0}}, {"String", {Kind::Text, 0, 0}},
    {"Enum8", {Kind::Enum, 0, 0}},        {"Enum16", {Kind::Enum, 0, 0}},
    {"UUID", {Kind::Uuid, 0, 0}},         {"IPv4", {Kind::Ipv4, 0, 0}},
    {"IPv6", {Kind::Ipv6, 0, 0}},
});

std::optional<unsigned> number_argument(const ClickHouseType& type, std::size_t index) {
    if (index >= type.arguments.size() || type.arguments[index].kind != TypeArgument::Kind::Number) {
        return std::nullopt;
    }
    const std::string& digits = type.arguments[index].text;
    unsigned number = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return problem == std::errc() && end == digits.data() + digits.size() ? std::optional(number)
                                                                          : std::nullopt;
}

std::optional<Scalar> scalar_of(const ClickHouseType& type) {
    const auto* fixed = std::find_if(kFixed.begin(), kFixed.end(),
                                     [&](const Named& named) { return named.name == type.name; });
    if (fixed != kFixed.end()) {
        return fixed->scalar;
    }
    const std::optional<unsigned> first = number_argument(type, 0);
    if (!first) {
        return std::nullopt;
    }
    if (type.name == "DateTime64") {
        return Scalar{Kind::DateTime64, *first, 0};
    }
    if (type.name == "FixedString") {
        return Scalar{Kind::FixedText, *first, 0};
    }
    const std::optional<unsigned> scale = number_argument(type, 1);
    if (type.name == "Decimal" && scale && *scale <= *first) {
        return Scalar{Kind::Decimal, *first - *scale, *scale};
    }
    return std::nullopt;
}

Family family_of(Kind kind) {
    switch (kind) {
    case Kind::Bool:
    case Kind::Integer:
    case Kind::Float:
    case Kind::Decimal:
        return Family::Number;
    case Kind::Date:
    case Kind::Date32:
    case Kind::DateTime:
    case Kind::DateTime64:
        return Family::Time;
    case Kind::Text:
    case Kind::FixedText:
        return Family::Text;
    case Kind::Enum:
        return Family::Enum;
    case Kind::Uuid:
        return Family::Uuid;
    case Kind::Ipv4:
    case Kind::Ipv6:
        return Family::Address;
    }
    return Family::Text;
}

// Decimal digits of the largest number of so many bits.
unsigned digits_of(unsigned bits) { return bits * 30'103 / 100'000 + 1; }

bool always(const Scalar&, const Scalar&) { return true; }
bool more_bits(const Scalar& from, const Scalar& to) { return to.size >= from.size && to.part >= from.part; }
bool exact_in_float(const Scalar& from, const Scalar& to) { return from.size <= to.size; }
bool digits_in_decimal(const Scalar& from, const Scalar& to) { return digits_of(from.size) <= to.size; }
bool more_digits(const Scalar& from, const Scalar& to) {
    return to.size >= from.size && to.part >= from.part;
}
bool whole_in_bits(const Scalar& from, const Scalar& to) {
    return from.part == 0 && to.part == 1 && from.size < digits_of(to.size); // Decimal has a sign
}
bool more_bytes(const Scalar& from, const Scalar& to) { return to.size >= from.size; }
// With nine digits the years end at 2262, and with fewer at 2299.
constexpr unsigned kNanoseconds = 9;
bool same_years(const Scalar&, const Scalar& to) { return to.size < kNanoseconds; }
bool finer_time(const Scalar& from, const Scalar& to) {
    return to.size >= from.size && to.size < kNanoseconds;
}

struct Rule {
    Kind from;
    Kind to;
    bool (*holds)(const Scalar& from, const Scalar& to);
};

// The pairs of kinds of which the second can hold all of the first.
constexpr auto kRules = std::to_array<Rule>({
    {Kind::Bool, Kind::Integer, always},
    {Kind::Bool, Kind::Float, always},
    {Kind::Bool, Kind::Decimal, digits_in_decimal},
    {Kind::Integer, Kind::Integer, more_bits},
    {Kind::Integer, Kind::Float, exact_in_float},
    {Kind::Integer, Kind::Decimal, digits_in_decimal},
    {Kind::Float, Kind::Float, exact_in_float},
    {Kind::Decimal, Kind::Decimal, more_digits},
    {Kind::Decimal, Kind::Integer, whole_in_bits},
    {Kind::Decimal, Kind::Float, whole_in_bits},
    {Kind::Date, Kind::Date32, always},
    {Kind::Date, Kind::DateTime64, always},
    {Kind::Date32, Kind::DateTime64, same_years},
    {Kind::DateTime, Kind::DateTime64, always},
    {Kind::DateTime64, Kind::DateTime64, finer_time},
    {Kind::FixedText, Kind::FixedText, more_bytes},
    {Kind::Ipv4, Kind::Ipv6, always},
});

bool is_wider(const Scalar& from, const Scalar& to) {
    return std::any_of(kRules.begin(), kRules.end(), [&](const Rule& rule) {
        return rule.from == from.kind && rule.to == to.kind && rule.holds(from, to);
    });
}

} // namespace

ScalarFit fit(const ClickHouseType& before, const ClickHouseType& after) {
    if (before == after) {
        return ScalarFit::Same;
    }
    const std::optional<Scalar> from = scalar_of(before);
    const std::optional<Scalar> to = scalar_of(after);
    if (!from || !to) {
        return ScalarFit::Other;
    }
    if (to->kind == Kind::Text) {
        return ScalarFit::Text;
    }
    if (is_wider(*from, *to)) {
        return ScalarFit::Wider;
    }
    return family_of(from->kind) == family_of(to->kind) ? ScalarFit::Narrower : ScalarFit::Other;
}

} // namespace birdhouse::codec
