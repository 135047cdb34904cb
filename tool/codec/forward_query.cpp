#include "codec/forward_query.hpp"

#include "base/text.hpp"
#include "codec/query_output.hpp"
#include "codec/sql_form.hpp"
#include "codec/type_change.hpp"
#include "codec/type_form.hpp"
#include "model/schema.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using model::Column;
using model::Datasource;
using syntax::ClickHouseType;

std::string literal(std::string_view text) { return syntax::quoted_sql_string(text); }

std::string cast(const std::string& expression, const std::string& type) {
    return "CAST(" + expression + ", " + literal(type) + ")";
}

bool is_nullable_type(const std::string& type) {
    const std::optional<ClickHouseType> form = type_form(type);
    return form && syntax::is_nullable(*form);
}

// The type without Nullable and LowCardinality round it: `accurateCastOrNull` takes no other.
std::string plain_type(const std::string& type) {
    const std::optional<ClickHouseType> form = type_form(type);
    return form ? syntax::write_clickhouse_type(syntax::unwrapped(*form)) : type;
}

// Types whose values convert part by part, which the accurate casts refuse.
bool holds_parts(const std::string& type) {
    static constexpr std::array<std::string_view, 7> kNames = {"Array", "Map",   "Tuple", "Nested",
                                                               "JSON",  "Enum8", "Enum16"};
    const std::optional<ClickHouseType> form = type_form(type);
    return !form || std::find(kNames.begin(), kNames.end(), syntax::unwrapped(*form).name) != kNames.end();
}

// What a column holds where nothing else is said.
std::string default_of(const Column& column) {
    if (column.default_expression) {
        return cast(*column.default_expression, column.type);
    }
    return is_nullable_type(column.type) ? cast("NULL", column.type)
                                         : "defaultValueOfTypeName(" + literal(column.type) + ")";
}

// Each old column by the name of the new one that it becomes.
std::map<std::string, const Column*> sources_of(const Datasource& before, const Datasource& after) {
    std::map<std::string, const Column*> sources;
    for (const Column& column : after.columns) {
        if (const Column* same = find_column(before, column.name)) {
            sources[column.name] = same;
        }
    }
    for (const model::ColumnRename& rename : model::renames_between(before, after)) {
        sources[rename.to] = find_column(before, rename.from);
    }
    return sources;
}

bool has(const std::vector<ChangeKind>& kinds, ChangeKind kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// A value that has no place in the new type becomes NULL, or the column's default.
std::string lossy_cast(const std::string& name, const Column& to) {
    const std::string type = plain_type(to.type);
    if (is_nullable_type(to.type)) {
        return cast("accurateCastOrNull(" + name + ", " + literal(type) + ")", to.type);
    }
    const std::string plain = "ifNull(accurateCastOrNull(" + name + ", " + literal(type) + "), " +
                              (to.default_expression ? cast(*to.default_expression, type)
                                                     : "defaultValueOfTypeName(" + literal(type) + ")") +
                              ")";
    return type == type_form_text(to.type) ? plain : cast(plain, to.type);
}

// The value of the old column in the type of the new one; nothing when there is no way.
std::optional<std::string> converted(const Column& from, const Column& to) {
    const std::vector<ChangeKind> kinds = compare_types(from.type, to.type);
    const std::string name = syntax::quoted_sql_name(from.name);
    if (kinds.empty()) {
        return name;
    }
    if (has(kinds, ChangeKind::AggregateStateChanged)) {
        return std::nullopt;
    }
    if (has(kinds, ChangeKind::TextToJson)) {
        return cast("if(isValidJSON(" + name + "), " + name + ", '{}')", to.type);
    }
    const bool loses_null = has(kinds, ChangeKind::ColumnMadeNotNullable);
    if (keeps_every_value(from.type, to.type) || (loses_null && kinds.size() == 1) || holds_parts(to.type)) {
        const std::string value =
            loses_null ? "ifNull(" + name + ", " +
                             (to.default_expression
                                  ? cast(*to.default_expression, plain_type(from.type))
                                  : "defaultValueOfTypeName(" + literal(plain_type(from.type)) + ")") +
                             ")"
                       : name;
        return cast(value, to.type);
    }
    return lossy_cast(name, to);
}

// Forward makes these by itself.
bool is_altered(ChangeKind kind) { return kind == ChangeKind::ColumnMadeNullable; }

// For these it writes the table again, and a plain insert into the new one converts them.
bool is_taken_over(ChangeKind kind) {
    return kind == ChangeKind::EnumValuesAdded || kind == ChangeKind::TimeZoneChanged ||
           kind == ChangeKind::AggregationChanged || kind == ChangeKind::AggregateStateChanged;
}

void check_names(const std::vector<std::string>& names, const Datasource& after,
                 std::vector<ForwardQueryProblem>& problems) {
    std::vector<std::string> wrong;
    for (const Column& column : after.columns) {
        if (!column.materialized && std::count(names.begin(), names.end(), column.name) != 1) {
            wrong.push_back(column.name);
        }
    }
    std::vector<std::string> foreign;
    for (const std::string& name : names) {
        if (find_column(after, name) == nullptr) {
            foreign.push_back(name);
        }
    }
    if (!wrong.empty()) {
        problems.push_back({ForwardQueryFault::Incomplete, std::move(wrong)});
    }
    if (!foreign.empty()) {
        problems.push_back({ForwardQueryFault::Foreign, std::move(foreign)});
    }
}

// Columns that came, went or changed their types.
std::vector<std::string> changed_columns(const Datasource& before, const Datasource& after) {
    std::vector<std::string> names;
    for (const Column& column : before.columns) {
        if (find_column(after, column.name) == nullptr) {
            names.push_back(column.name);
        }
    }
    for (const Column& column : after.columns) {
        const Column* old = find_column(before, column.name);
        if (old == nullptr || !compare_types(old->type, column.type).empty()) {
            names.push_back(column.name);
        }
    }
    return names;
}

} // namespace

ForwardQuery make_forward_query(const Datasource& before, const Datasource& after) {
    const std::map<std::string, const Column*> sources = sources_of(before, after);
    ForwardQuery query;
    std::vector<std::string> items;
    for (const Column& column : after.columns) {
        if (column.materialized) {
            continue; // the table computes it
        }
        const std::string name = syntax::quoted_sql_name(column.name);
        const auto source = sources.find(column.name);
        if (source == sources.end()) {
            items.push_back(default_of(column) + " AS " + name);
            continue;
        }
        const std::optional<std::string> value = converted(*source->second, column);
        if (!value) {
            query.impossible.push_back(column.name);
            continue;
        }
        if (!keeps_every_value(source->second->type, column.type)) {
            query.lossy.push_back(column.name);
        }
        items.push_back(*value == name ? name : *value + " AS " + name);
    }
    if (query.impossible.empty()) {
        query.sql = "SELECT\n    " + join(items, ",\n    ");
    }
    return query;
}

std::vector<std::string> columns_to_convert(const Datasource& before, const Datasource& after) {
    const std::map<std::string, const Column*> sources = sources_of(before, after);
    std::vector<std::string> names;
    for (const auto& [name, source] : sources) {
        const std::vector<ChangeKind> kinds = compare_types(source->type, find_column(after, name)->type);
        const bool is_converted = std::any_of(kinds.begin(), kinds.end(), [](ChangeKind kind) {
            return !is_altered(kind) && !is_taken_over(kind);
        });
        if (is_converted || source->name != name) {
            names.push_back(name);
        }
    }
    return names;
}

std::vector<ForwardQueryProblem> check_forward_query(const Datasource& before, const Datasource& after) {
    std::vector<ForwardQueryProblem> problems;
    if (after.forward_query.empty()) {
        std::vector<std::string> unsaid = columns_to_convert(before, after);
        if (!unsaid.empty()) {
            problems.push_back({ForwardQueryFault::Missing, std::move(unsaid)});
        }
        return problems;
    }
    if (sql_form(before.forward_query) == sql_form(after.forward_query)) {
        std::vector<std::string> changed = changed_columns(before, after);
        if (!changed.empty()) {
            problems.push_back({ForwardQueryFault::Stale, std::move(changed)});
        }
        return problems;
    }
    if (const std::optional<std::vector<std::string>> names = read_output(after.forward_query).columns) {
        check_names(*names, after, problems);
    }
    return problems;
}

} // namespace birdhouse::codec
