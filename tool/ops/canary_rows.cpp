#include "ops/canary_rows.hpp"

#include "base/text.hpp"
#include "syntax/clickhouse_type.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::ops {

namespace {

using syntax::ClickHouseType;
using syntax::TypeArgument;

constexpr std::size_t kMostRows = 120;
constexpr std::size_t kOthers = 3;

struct Edges {
    std::string_view type;
    std::array<std::string_view, 3> values; // texts; an empty array slot ends the list
};

// Texts that the type reads as its least and its greatest value, and one in between.
constexpr auto kScalars = std::to_array<Edges>({
    {"UInt8", {"0", "255", "1"}},
    {"UInt16", {"0", "65535", "1"}},
    {"UInt32", {"0", "4294967295", "1"}},
    {"UInt64", {"0", "18446744073709551615", "1"}},
    {"Int8", {"-128", "127", "0"}},
    {"Int16", {"-32768", "32767", "0"}},
    {"Int32", {"-2147483648", "2147483647", "0"}},
    {"Int64", {"-9223372036854775808", "9223372036854775807", "0"}},
    {"Float32", {"0", "-1.5", "3e38"}},
    {"Float64", {"0", "-1.5", "1e300"}},
    {"Bool", {"false", "true", ""}},
    {"Date", {"1970-01-01", "2149-06-06", "2026-02-28"}},
    {"Date32", {"1900-01-01", "2299-12-31", "2026-02-28"}},
    {"DateTime", {"1970-01-01 00:00:00", "2106-02-07 06:28:15", "2026-02-28 23:59:59"}},
    {"DateTime64", {"1970-01-01 00:00:00", "2106-02-07 06:28:15", "2026-02-28 23:59:59"}},
    {"UUID", {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", ""}},
    {"IPv4", {"0.0.0.0", "255.255.255.255", ""}},
    {"IPv6", {"::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""}},
});

std::string cast(const std::string& value, std::string_view type) {
    return "CAST(" + value + ", " + target::string_literal(type) + ")";
}

const ClickHouseType* inner_type(const ClickHouseType& type, std::size_t index) {
    return type.arguments.size() > index && type.arguments[index].kind == TypeArgument::Kind::Type
               ? &type.arguments[index].type.front()
               : nullptr;
}

// Bare values, to be cast by the caller to the type that wraps this one.
std::vector<std::string> edges_of(const ClickHouseType& type) {
    const std::string text = syntax::write_clickhouse_type(type);
    if (type.name == "Nullable" || type.name == "LowCardinality" || type.name == "SimpleAggregateFunction") {
        const ClickHouseType* inner = inner_type(type, type.name == "SimpleAggregateFunction" ? 1 : 0);
        std::vector<std::string> edges = inner == nullptr ? std::vector<std::string>() : edges_of(*inner);
        if (type.name == "Nullable") {
            edges.insert(edges.begin(), "NULL");
        }
        return edges;
    }
    const auto scalar = std::ranges::find(kScalars, std::string_view(type.name), &Edges::type);
    std::vector<std::string> edges;
    if (scalar != kScalars.end()) {
        for (const std::string_view value : scalar->values) {
            if (!value.empty()) {
                edges.push_back(target::string_literal(value));
            }
        }
    } else if (type.name.starts_with("Enum")) {
        for (const TypeArgument& value : type.arguments) {
            edges.push_back(target::string_literal(value.text));
        }
    } else if (type.name == "String") {
        edges = {"''", "'canary'", "repeat('canary ', 100)"};
    } else if (type.name == "Array" && inner_type(type, 0) != nullptr) {
        edges = {"[]"};
        for (const std::string& one : edges_of(*inner_type(type, 0))) {
            edges.push_back("[" + cast(one, syntax::write_clickhouse_type(*inner_type(type, 0))) + "]");
        }
    }
    return edges;
}

// The engine takes two values only for a sign and for `is_deleted`, which its arguments name.
bool is_flag(const target::TableState& table, const target::ColumnState& column) {
    const std::size_t open = table.engine.find('(');
    const bool flag_type = column.type == "Int8" || column.type == "UInt8";
    if (open == std::string::npos || !flag_type || table.engine.starts_with("Summing")) {
        return false;
    }
    const std::string inside = table.engine.substr(open + 1, table.engine.size() - open - 2);
    const auto arguments = split(inside, ',');
    return std::ranges::any_of(arguments, [&](std::string_view one) { return trim(one) == column.name; });
}
std::vector<std::string> flag_values(std::string_view type) {
    return {cast("1", type), cast(type == "Int8" ? "-1" : "0", type)};
}

std::string default_of(std::string_view type) {
    return "defaultValueOfTypeName(" + target::string_literal(type) + ")";
}

} // namespace

std::vector<std::string> edge_values(std::string_view type) {
    const syntax::Parsed<ClickHouseType> parsed = syntax::parse_clickhouse_type(type);
    const auto* read = std::get_if<ClickHouseType>(&parsed);
    std::vector<std::string> edges = read == nullptr ? std::vector<std::string>() : edges_of(*read);
    if (edges.empty()) {
        return {default_of(type)};
    }
    for (std::string& edge : edges) {
        edge = cast(edge, type);
    }
    return edges;
}

EdgeRows edge_rows(const target::TableState& table, std::string_view database) {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> edges;
    std::size_t count = 0;
    for (const target::ColumnState& column : table.columns) {
        if (column.default_kind.empty() || column.default_kind == "DEFAULT") {
            names.push_back(target::identifier(column.name));
            edges.push_back(is_flag(table, column) ? flag_values(column.type) : edge_values(column.type));
            count = std::max(count, edges.back().size());
        }
    }
    EdgeRows rows;
    rows.insert =
        "INSERT INTO " + target::qualified_name(database, table.name) + " (" + join(names, ", ") + ")";
    const auto add_row = [&](auto edge_of) {
        if (rows.selects.size() < kMostRows) {
            std::vector<std::string> values;
            for (std::size_t column = 0; column < edges.size(); ++column) {
                values.push_back(edges[column][edge_of(column) % edges[column].size()]);
            }
            rows.selects.push_back("SELECT " + join(values, ", "));
        }
    };
    for (std::size_t row = 0; row < count; ++row) {
        add_row([&](std::size_t) { return row; });
    }
    // Each NULL, the first edge of its column, meets the least and the greatest of all others: a view may
    // only look at rows that have something in another column.
    for (std::size_t null = 0; null < edges.size(); ++null) {
        for (std::size_t other = 1; edges[null].front().starts_with("CAST(NULL") && other < kOthers;
             ++other) {
            add_row([&](std::size_t column) { return column == null ? 0 : other; });
        }
    }
    return rows;
}

} // namespace birdhouse::ops
