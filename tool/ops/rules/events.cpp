#include "ops/rules/events.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/type_plan.hpp"
#include "ops/rules/engine_fields.hpp"
#include "ops/rules/expression_names.hpp"
#include "ops/rules/places.hpp"
#include "syntax/clickhouse_type.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <vector>

namespace birdhouse::ops {

using model::Column;
using model::Datasource;

namespace {

constexpr std::size_t kMostColumns = 500;
constexpr std::size_t kMostNamed = 6; // columns in one message

std::optional<syntax::ClickHouseType> type_of(const Column& column) {
    syntax::Parsed<syntax::ClickHouseType> parsed = syntax::parse_clickhouse_type(column.type);
    auto* type = std::get_if<syntax::ClickHouseType>(&parsed);
    return type == nullptr ? std::nullopt : std::optional(std::move(*type));
}

bool is_time(const Column& column) {
    const std::optional<syntax::ClickHouseType> type = type_of(column);
    return type && syntax::unwrapped(*type).name.starts_with("Date");
}

// "`a`, `b` and 3 more"
std::string listed(const std::vector<std::string_view>& names) {
    std::string out;
    for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) {
        out += (i == 0 ? "" : ", ") + backquoted(names[i]);
    }
    return names.size() > kMostNamed ? out + " and " + with_thousands(names.size() - kMostNamed) + " more"
                                     : out;
}

// Where a remark on the whole datasource is best read.
Span head_of(const Datasource& datasource) {
    return datasource.engine.origin.span.known() ? datasource.engine.origin.span : datasource.origin.span;
}

std::unordered_set<std::string> key_columns(const Datasource& datasource) {
    std::unordered_set<std::string> names;
    for (const ColumnField& field : column_fields()) {
        for (ExpressionName& name : expression_names(datasource.engine.*field.value)) {
            names.insert(std::move(name.name));
        }
    }
    return names;
}

} // namespace

void check_paths_of_all(const RuleFacts& facts, Diagnostics& problems) {
    for (const Datasource& datasource : facts.project.datasources) {
        const std::vector<const Column*> lacking = model::columns_without_path(datasource);
        if (lacking.empty() || facts.is_definition(datasource.origin)) {
            continue; // of a definition the reader says so
        }
        problems.add(
            codes::F039, lacking.front()->origin.span,
            "datasource " + backquoted(datasource.name) + " takes events, but " +
                counted(lacking.size(), "column") + " of " + std::to_string(datasource.columns.size()) + " " +
                (lacking.size() == 1 ? "has" : "have") + " no `json:` path",
            "give column " + backquoted(lacking.front()->name) +
                " a path; a column that events never hold still needs one to be filled by its default");
    }
}

void check_event_types(const RuleFacts& facts, Diagnostics& problems) {
    for (const Datasource& datasource : facts.project.datasources) {
        for (const Column& column : datasource.columns) {
            const std::optional<syntax::ClickHouseType> type =
                column.json_path ? type_of(column) : std::nullopt;
            std::string part;
            if (!type || events::plan_type(*type, {}, part)) {
                continue;
            }
            problems.add(codes::F310, place_of_word(column.origin.span, part, facts.sources),
                         "column " + backquoted(column.name) + " has the type " + backquoted(part) +
                             ", which ingestion does not fill from JSON",
                         part.starts_with("Enum")
                             ? "write LowCardinality(String)"
                             : "take the value as String, or compute the column in a materialized pipe");
        }
    }
}

void check_list_paths(const RuleFacts& facts, Diagnostics& problems) {
    for (const Datasource& datasource : facts.project.datasources) {
        for (const Column& column : datasource.columns) {
            if (!column.json_path || *column.json_path == "$") {
                continue;
            }
            const std::optional<syntax::ClickHouseType> type = type_of(column);
            const bool many = column.json_path->find("[:]") != std::string::npos;
            if (!type || many == (syntax::unwrapped(*type).name == "Array")) {
                continue;
            }
            const std::string path = backquoted(*column.json_path);
            problems.add(codes::F311, column.origin.span,
                         many ? "the path " + path + " gives column " + backquoted(column.name) +
                                    " many values, its type " + backquoted(column.type) + " holds one"
                              : "column " + backquoted(column.name) + " is " + backquoted(column.type) +
                                    ", and its path " + path + " gives one value",
                         many ? "write " + backquoted("Array(" + column.type + ")") +
                                    ", or take `[:]` out of the path"
                              : "write " + backquoted(*column.json_path + "[:]"));
        }
    }
}

// Of what happens, not of what is: a table that replaces its rows, or that has no time, does not grow by
// itself.
void check_kept_for_ever(const RuleFacts& facts, Diagnostics& problems) {
    for (const Datasource& datasource : facts.project.datasources) {
        if (!model::takes_events(datasource) || !datasource.engine.ttl.empty() ||
            datasource.engine.kind != "MergeTree" || !facts.understood(datasource.origin)) {
            continue;
        }
        const auto time = std::find_if(datasource.columns.begin(), datasource.columns.end(), is_time);
        if (time == datasource.columns.end()) {
            continue;
        }
        const std::string_view field = facts.is_definition(datasource.origin) ? "ttl" : "ENGINE_TTL";
        problems.add(codes::F312, head_of(datasource),
                     "the events of " + backquoted(datasource.name) + " are kept for ever",
                     "say how long with " + backquoted(field) + ", such as `" + "toDateTime(" + time->name +
                         ") + INTERVAL 365 DAY`");
    }
}

// A datasource whose every column is required was meant so. One of which most columns can do without a value,
// and then one further down cannot, has probably grown by it.
void check_required_keys(const RuleFacts& facts, Diagnostics& problems) {
    for (const Datasource& datasource : facts.project.datasources) {
        if (!model::takes_events(datasource) || !facts.understood(datasource.origin)) {
            continue;
        }
        const std::unordered_set<std::string> keys = key_columns(datasource);
        std::vector<std::string_view> required;
        const Column* first = nullptr;
        std::size_t lenient = 0;
        for (const Column& column : datasource.columns) {
            const std::optional<syntax::ClickHouseType> type = type_of(column);
            if (!column.json_path || !type || keys.contains(column.name)) {
                continue;
            }
            if (column.default_expression || syntax::is_nullable(*type)) {
                ++lenient;
            } else if (lenient != 0) {
                required.push_back(column.name);
                first = first == nullptr ? &column : first;
            }
        }
        if (first != nullptr && lenient > required.size()) {
            problems.add(codes::F313, first->origin.span,
                         "an event without " + listed(required) + " goes to quarantine, while " +
                             counted(lenient, "other column") + " can do without a value",
                         "give " + std::string(required.size() == 1 ? "it a default" : "them defaults") +
                             ", or make sure that every sender has always sent " +
                             (required.size() == 1 ? "it" : "them"));
        }
    }
}

void check_number_of_columns(const RuleFacts& facts, Diagnostics& problems) {
    for (const Datasource& datasource : facts.project.datasources) {
        if (datasource.columns.size() > kMostColumns) {
            problems.add(codes::F314, datasource.columns[kMostColumns].origin.span,
                         "datasource " + backquoted(datasource.name) + " has " +
                             with_thousands(datasource.columns.size()) + " columns, more than " +
                             std::to_string(kMostColumns),
                         "keep what is rarely read in one JSON or Map column");
        }
    }
}

} // namespace birdhouse::ops
