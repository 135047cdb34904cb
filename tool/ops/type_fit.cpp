#include "ops/type_fit.hpp"

#include "base/text.hpp"
#include "syntax/clickhouse_type.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace birdhouse::ops {

namespace {

using syntax::ClickHouseType;
using syntax::TypeArgument;

constexpr int kFloat32Digits = 7; // decimal digits that survive

const ClickHouseType* first_type(const ClickHouseType& type) {
    for (const TypeArgument& argument : type.arguments) {
        if (argument.kind == TypeArgument::Kind::Type) {
            return argument.type.data();
        }
    }
    return nullptr;
}

struct Bare {
    ClickHouseType type;
    bool nullable = false;
};

// The type of the values: LowCardinality says how they are kept, SimpleAggregateFunction how they are merged.
Bare bare(const ClickHouseType& written) {
    Bare out{written, false};
    for (;;) {
        const ClickHouseType* inner = nullptr;
        if (out.type.name == "LowCardinality") {
            inner = first_type(out.type);
        } else if (out.type.name == "Nullable") {
            inner = first_type(out.type);
            out.nullable = true;
        } else if (out.type.name == "SimpleAggregateFunction" && out.type.arguments.size() == 2 &&
                   !out.type.arguments.back().type.empty()) {
            inner = out.type.arguments.back().type.data();
        }
        if (inner == nullptr) {
            return out;
        }
        ClickHouseType next = *inner; // a copy first: it is a part of what it replaces
        out.type = std::move(next);
    }
}

std::optional<int> digits_after(std::string_view name, std::string_view prefix) {
    if (!name.starts_with(prefix)) {
        return std::nullopt;
    }
    const std::string_view digits = name.substr(prefix.size());
    int value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = problem == std::errc() && end == digits.data() + digits.size();
    return whole ? std::optional(value) : std::nullopt;
}

int number_argument(const ClickHouseType& type, std::size_t index, int otherwise) {
    if (index >= type.arguments.size() || type.arguments[index].kind != TypeArgument::Kind::Number) {
        return otherwise;
    }
    return digits_after(type.arguments[index].text, "").value_or(otherwise);
}

struct Whole {
    bool is_signed = false;
    int bits = 0;
};

std::optional<Whole> whole_number(const ClickHouseType& type) {
    if (const auto bits = digits_after(type.name, "UInt")) {
        return Whole{false, *bits};
    }
    if (const auto bits = digits_after(type.name, "Int")) {
        return Whole{true, *bits};
    }
    return std::nullopt;
}

std::string whole_into_whole(Whole from, Whole into, std::string_view name) {
    const int from_bits = from.bits - (from.is_signed ? 1 : 0);
    const int into_bits = into.bits - (into.is_signed ? 1 : 0);
    if (from.is_signed && !into.is_signed) {
        return "a negative number wraps";
    }
    // Counts are UInt64, and no count comes near the half of it.
    const bool half_of_wide = !from.is_signed && from.bits == 64 && into.is_signed && into.bits == 64;
    return from_bits <= into_bits || half_of_wide ? std::string()
                                                  : "a number beyond " + std::string(name) + " wraps";
}

bool is_float(const ClickHouseType& type) { return type.name == "Float32" || type.name == "Float64"; }

struct Scaled {
    int precision = 0;
    int scale = 0;
};

// The engine prints every Decimal as Decimal(P, S).
std::optional<Scaled> decimal(const ClickHouseType& type) {
    return type.name == "Decimal"
               ? std::optional(Scaled{number_argument(type, 0, 10), number_argument(type, 1, 0)})
               : std::nullopt;
}

std::string number_loss(const ClickHouseType& from, const ClickHouseType& into) {
    const std::optional<Whole> whole = whole_number(from);
    const std::optional<Scaled> scaled = decimal(from);
    if (const std::optional<Whole> target = whole_number(into)) {
        if (whole) {
            return whole_into_whole(*whole, *target, into.name);
        }
        return is_float(from) || (scaled && scaled->scale > 0) ? "the fraction is cut" : std::string();
    }
    if (into.name == "Float32") {
        const bool many_digits = from.name == "Float64" || (whole && whole->bits >= 32) ||
                                 (scaled && scaled->precision > kFloat32Digits);
        return many_digits ? "digits after the seventh are lost" : std::string();
    }
    if (into.name == "Float64") {
        return whole && whole->bits > 64 ? "digits after the fifteenth are lost" : std::string();
    }
    if (const std::optional<Scaled> target = decimal(into)) {
        if (is_float(from) || (scaled && scaled->scale > target->scale)) {
            return "digits after place " + std::to_string(target->scale) + " of the fraction are cut";
        }
        if (scaled && scaled->precision - scaled->scale > target->precision - target->scale) {
            return "a number with more than " + std::to_string(target->precision - target->scale) +
                   " digits before the point fails the insert";
        }
    }
    return {};
}

bool is_date(const ClickHouseType& type) { return type.name == "Date" || type.name == "Date32"; }
bool is_time(const ClickHouseType& type) { return type.name == "DateTime" || type.name == "DateTime64"; }

std::string time_loss(const ClickHouseType& from, const ClickHouseType& into) {
    if (is_time(from) && is_date(into)) {
        return "the time of day is cut";
    }
    if (from.name == "DateTime64" && into.name == "DateTime") {
        return number_argument(from, 0, 3) > 0 ? "fractions of a second are cut" : std::string();
    }
    if (from.name == "DateTime64" && into.name == "DateTime64" &&
        number_argument(from, 0, 3) > number_argument(into, 0, 3)) {
        return "fractions of a second are cut to " + std::to_string(number_argument(into, 0, 3)) + " digits";
    }
    const bool early = from.name == "Date32" && (into.name == "Date" || into.name == "DateTime");
    return early ? "days before 1970 and after " + std::string(into.name == "Date" ? "2149" : "2106") +
                       " become others"
                 : std::string();
}

bool is_enum(const ClickHouseType& type) {
    return type.name == "Enum" || type.name == "Enum8" || type.name == "Enum16";
}

std::set<std::string> names_of(const ClickHouseType& type) {
    std::set<std::string> names;
    for (const TypeArgument& argument : type.arguments) {
        names.insert(argument.text);
    }
    return names;
}

std::string enum_loss(const ClickHouseType& from, const ClickHouseType& into) {
    const std::set<std::string> known = names_of(into);
    for (const std::string& name : names_of(from)) {
        if (!known.contains(name)) {
            return "the value '" + name + "' is not among those of the target and fails the insert";
        }
    }
    return {};
}

bool is_text(const ClickHouseType& type) { return type.name == "String" || type.name == "FixedString"; }

std::string text_loss(const ClickHouseType& from, const ClickHouseType& into) {
    if (into.name == "String") {
        return {};
    }
    if (into.name != "FixedString") {
        return "a text that does not read as " + into.name + " fails the insert";
    }
    const int room = number_argument(into, 0, 0);
    const bool fits = from.name == "FixedString" && number_argument(from, 0, 0) <= room;
    return fits ? std::string() : "a text longer than " + std::to_string(room) + " bytes fails the insert";
}

TypeFit fit(const ClickHouseType& from, const ClickHouseType& into);

// Arrays, maps and tuples lose what their parts lose.
TypeFit fit_parts(const ClickHouseType& from, const ClickHouseType& into) {
    TypeFit all{true, false, {}};
    for (std::size_t i = 0; i < from.arguments.size(); ++i) {
        if (from.arguments[i].type.empty() || into.arguments[i].type.empty()) {
            return {};
        }
        TypeFit one = fit(from.arguments[i].type.front(), into.arguments[i].type.front());
        all.same = all.same && one.same && from.arguments[i].label == into.arguments[i].label;
        all.null_into_plain = all.null_into_plain || one.null_into_plain;
        all.loss = all.loss.empty() ? std::move(one.loss) : all.loss;
    }
    return all;
}

bool has_parts(const ClickHouseType& type) {
    return type.name == "Array" || type.name == "Map" || type.name == "Tuple";
}

TypeFit fit_bare(const ClickHouseType& from, const ClickHouseType& into) {
    if (write_clickhouse_type(from) == write_clickhouse_type(into)) {
        return {true, false, {}};
    }
    if (has_parts(from) && from.name == into.name && from.arguments.size() == into.arguments.size()) {
        return fit_parts(from, into);
    }
    if (is_text(from)) {
        return {false, false, text_loss(from, into)};
    }
    if (is_enum(from) && is_enum(into)) {
        return {false, false, enum_loss(from, into)};
    }
    std::string loss = number_loss(from, into);
    return {false, false, loss.empty() ? time_loss(from, into) : std::move(loss)};
}

TypeFit fit(const ClickHouseType& from, const ClickHouseType& into) {
    const Bare source = bare(from);
    const Bare target = bare(into);
    TypeFit out = fit_bare(source.type, target.type);
    out.null_into_plain = out.null_into_plain || (source.nullable && !target.nullable);
    return out;
}

} // namespace

TypeFit fit_type(std::string_view from, std::string_view into) {
    if (from == into) {
        return {true, false, {}};
    }
    const auto source = syntax::parse_clickhouse_type(from);
    const auto target = syntax::parse_clickhouse_type(into);
    if (syntax::fault_of(source) != nullptr || syntax::fault_of(target) != nullptr) {
        return {};
    }
    return fit(std::get<ClickHouseType>(source), std::get<ClickHouseType>(target));
}

} // namespace birdhouse::ops
