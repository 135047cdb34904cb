#include "codec/type_form.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace birdhouse::codec {

namespace {

using syntax::ClickHouseType;
using syntax::TypeArgument;

// In lower case. What the engine's system.data_type_families says, without the names of two words.
constexpr auto kAliases = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"bigint", "Int64"},
    {"binary", "FixedString"},
    {"bit", "UInt64"},
    {"blob", "String"},
    {"bool", "Bool"},
    {"boolean", "Bool"},
    {"byte", "Int8"},
    {"bytea", "String"},
    {"char", "String"},
    {"character", "String"},
    {"clob", "String"},
    {"date", "Date"},
    {"date32", "Date32"},
    {"datetime", "DateTime"},
    {"datetime32", "DateTime"},
    {"datetime64", "DateTime64"},
    {"dec", "Decimal"},
    {"decimal", "Decimal"},
    {"decimal128", "Decimal128"},
    {"decimal256", "Decimal256"},
    {"decimal32", "Decimal32"},
    {"decimal64", "Decimal64"},
    {"double", "Float64"},
    {"enum", "Enum"},
    {"fixed", "Decimal"},
    {"float", "Float32"},
    {"inet4", "IPv4"},
    {"inet6", "IPv6"},
    {"int", "Int32"},
    {"int1", "Int8"},
    {"integer", "Int32"},
    {"json", "JSON"},
    {"longblob", "String"},
    {"longtext", "String"},
    {"mediumblob", "String"},
    {"mediumint", "Int32"},
    {"mediumtext", "String"},
    {"nchar", "String"},
    {"numeric", "Decimal"},
    {"nvarchar", "String"},
    {"real", "Float32"},
    {"set", "UInt64"},
    {"signed", "Int64"},
    {"single", "Float32"},
    {"smallint", "Int16"},
    {"text", "String"},
    {"time", "Time"},
    {"time64", "Time64"},
    {"timestamp", "DateTime"},
    {"tinyblob", "String"},
    {"tinyint", "Int8"},
    {"tinytext", "String"},
    {"unsigned", "UInt64"},
    {"varbinary", "String"},
    {"varchar", "String"},
    {"varchar2", "String"},
    {"year", "UInt16"},
});

std::string own_name(const std::string& name) {
    const std::string lowered = to_lower_ascii(name);
    const auto* found = std::find_if(kAliases.begin(), kAliases.end(),
                                     [&](const auto& alias) { return alias.first == lowered; });
    return found == kAliases.end() ? name : std::string(found->second);
}

TypeArgument number_argument(std::string digits) {
    TypeArgument argument;
    argument.kind = TypeArgument::Kind::Number;
    argument.text = std::move(digits);
    return argument;
}

TypeArgument type_argument(ClickHouseType type) {
    TypeArgument argument;
    argument.type.push_back(std::move(type));
    return argument;
}

// Every Decimal as Decimal(P, S).
void normalize_decimal(ClickHouseType& type) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kDigits = {
        {{"Decimal32", "9"}, {"Decimal64", "18"}, {"Decimal128", "38"}, {"Decimal256", "76"}}};
    for (const auto& [name, digits] : kDigits) {
        if (type.name == name && type.arguments.size() == 1) {
            type.name = "Decimal";
            type.arguments.insert(type.arguments.begin(), number_argument(std::string(digits)));
        }
    }
    if (type.name != "Decimal") {
        return;
    }
    if (type.arguments.empty()) {
        type.arguments.push_back(number_argument("10"));
    }
    if (type.arguments.size() == 1) {
        type.arguments.push_back(number_argument("0"));
    }
}

std::int64_t number_of(std::string_view digits, std::int64_t otherwise) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return problem == std::errc() && end == digits.data() + digits.size() ? number : otherwise;
}

// A name without a number has one more than the name before it; the first has 1.
void normalize_enum(ClickHouseType& type) {
    std::int64_t number = 0;
    bool is_wide = false;
    for (TypeArgument& argument : type.arguments) {
        number = argument.assigned.empty() ? number + 1 : number_of(argument.assigned, number + 1);
        argument.assigned = std::to_string(number);
        is_wide = is_wide || number < -128 || number > 127;
    }
    if (type.name == "Enum") {
        type.name = is_wide ? "Enum16" : "Enum8";
    }
    std::stable_sort(type.arguments.begin(), type.arguments.end(),
                     [](const TypeArgument& a, const TypeArgument& b) {
                         return number_of(a.assigned, 0) < number_of(b.assigned, 0);
                     });
}

// `Nullable(LowCardinality(T))` is what people write and the engine refuses.
void put_nullable_inside(ClickHouseType& type) {
    const ClickHouseType* inner = only_argument(type);
    if (type.name != "Nullable" || inner == nullptr || inner->name != "LowCardinality") {
        return;
    }
    const ClickHouseType* stored = only_argument(*inner);
    if (stored == nullptr) {
        return;
    }
    ClickHouseType nullable{"Nullable", {type_argument(*stored)}, 0, 0};
    if (stored->name == "Nullable") {
        nullable = *stored;
    }
    type = ClickHouseType{"LowCardinality", {type_argument(std::move(nullable))}, 0, 0};
}

void normalize(ClickHouseType& type) {
    type.name = own_name(type.name);
    for (TypeArgument& argument : type.arguments) {
        for (ClickHouseType& inner : argument.type) {
            normalize(inner);
        }
    }
    if (type.name == "String") {
        type.arguments.clear(); // VARCHAR(255): the engine keeps no length
    } else if (type.name == "DateTime64" && type.arguments.empty()) {
        type.arguments.push_back(number_argument("3"));
    } else if (type.name.starts_with("Enum")) {
        normalize_enum(type);
    }
    normalize_decimal(type);
    put_nullable_inside(type);
}

} // namespace

std::optional<ClickHouseType> type_form(std::string_view text) {
    auto parsed = syntax::parse_clickhouse_type(text);
    auto* type = std::get_if<ClickHouseType>(&parsed);
    if (type == nullptr) {
        return std::nullopt;
    }
    normalize(*type);
    return std::move(*type);
}

std::string type_form_text(std::string_view text) {
    const std::optional<ClickHouseType> type = type_form(text);
    return type ? syntax::write_clickhouse_type(*type) : std::string(text);
}

const ClickHouseType* only_argument(const ClickHouseType& type) {
    const bool is_one = type.arguments.size() == 1 && type.arguments.front().kind == TypeArgument::Kind::Type;
    return is_one && !type.arguments.front().type.empty() ? &type.arguments.front().type.front() : nullptr;
}

} // namespace birdhouse::codec
