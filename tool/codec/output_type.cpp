#include "codec/output_type.hpp"

#include "codec/type_change.hpp"
#include "codec/type_form.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using syntax::ClickHouseType;
using syntax::TypeArgument;

bool is_encoding(const ClickHouseType& type) {
    return type.name == "LowCardinality" || type.name == "SimpleAggregateFunction";
}

// The type that SQL sees: a dictionary, or the way rows are merged, is no part of a value's type. Of an
// aggregate function the argument that is a type follows the function's name.
ClickHouseType seen_by_sql(const ClickHouseType& type) {
    if (is_encoding(type) && !type.arguments.empty() && !type.arguments.back().type.empty()) {
        return seen_by_sql(type.arguments.back().type.front());
    }
    ClickHouseType seen = type;
    for (TypeArgument& argument : seen.arguments) {
        for (ClickHouseType& inner : argument.type) {
            inner = seen_by_sql(inner);
        }
    }
    return seen;
}

bool is_number(std::string_view name) {
    return name.starts_with("Int") || name.starts_with("UInt") || name.starts_with("Float") ||
           name.starts_with("Decimal") || name == "BFloat16";
}

// All of these are one text between quotes.
bool is_text(std::string_view name) {
    constexpr auto kTexts =
        std::to_array<std::string_view>({"String", "FixedString", "Enum8", "Enum16", "UUID", "IPv4", "IPv6"});
    return std::find(kTexts.begin(), kTexts.end(), name) != kTexts.end();
}

// How JSON shows a value: two types with one form cannot be told apart by who reads JSON.
std::string wire_form(const ClickHouseType& type) {
    if (is_number(type.name) && !type.name.starts_with("Interval")) {
        return "number";
    }
    if (is_text(type.name)) {
        return "text";
    }
    if (type.name == "Date" || type.name == "Date32") {
        return "date";
    }
    std::string form = type.name;
    for (const TypeArgument& argument : type.arguments) {
        form += " " + argument.label + ":" + argument.text + argument.assigned;
        for (const ClickHouseType& inner : argument.type) {
            form += "(" + wire_form(inner) + ")";
        }
    }
    return form;
}

// Without a Nullable round the whole.
const ClickHouseType& value_type(const ClickHouseType& type) {
    const ClickHouseType* inner = type.name == "Nullable" ? only_argument(type) : nullptr;
    return inner == nullptr ? type : *inner;
}

} // namespace

std::optional<ChangeKind> compare_output_types(std::string_view before, std::string_view after) {
    const std::optional<ClickHouseType> old_form = type_form(before);
    const std::optional<ClickHouseType> new_form = type_form(after);
    if (!old_form || !new_form) {
        return before == after ? std::nullopt : std::optional(ChangeKind::OutputColumnRetyped);
    }
    if (syntax::write_clickhouse_type(*old_form) == syntax::write_clickhouse_type(*new_form)) {
        return std::nullopt;
    }
    const ClickHouseType old_type = seen_by_sql(*old_form);
    const ClickHouseType new_type = seen_by_sql(*new_form);
    const ClickHouseType& old_value = value_type(old_type);
    const ClickHouseType& new_value = value_type(new_type);
    if (wire_form(old_value) != wire_form(new_value)) {
        return ChangeKind::OutputColumnRetyped;
    }
    const bool was_nullable = &old_value != &old_type;
    const bool is_nullable = &new_value != &new_type;
    if (is_nullable && !was_nullable) {
        return ChangeKind::OutputColumnMadeNullable;
    }
    const std::string old_text = syntax::write_clickhouse_type(old_value);
    const std::string new_text = syntax::write_clickhouse_type(new_value);
    if (compare_types(old_text, new_text) == std::vector{ChangeKind::EnumValuesAdded}) {
        return ChangeKind::OutputColumnEncodedOtherwise; // what was there reads as before
    }
    if (old_text != new_text) {
        return ChangeKind::OutputColumnConverted;
    }
    return was_nullable && !is_nullable ? ChangeKind::OutputColumnMadeNotNullable
                                        : ChangeKind::OutputColumnEncodedOtherwise;
}

} // namespace birdhouse::codec
