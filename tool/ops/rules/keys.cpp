#include "ops/rules/keys.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/rules/engine_fields.hpp"
#include "ops/rules/expression_names.hpp"
#include "ops/rules/places.hpp"
#include "syntax/clickhouse_type.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace birdhouse::ops {

using model::Column;
using model::Datasource;

namespace {

// One part of one key of a datasource.
struct KeyPart {
    const Datasource& datasource;
    std::string_view field; // as the file calls it
    std::string_view text;
    const Column* column; // when the part is one and nothing else
};

template <class Function>
void each_key_part(const RuleFacts& facts, Function function) {
    for (const Datasource& datasource : facts.project.datasources) {
        for (const ColumnField& field : column_fields()) {
            const std::string& key = datasource.engine.*field.value;
            if (!field.is_key || key.empty()) {
                continue;
            }
            for (const std::string_view part : expression_parts(key)) {
                const std::string name = plain_name(part);
                const Column* column = name.empty() ? nullptr : model::find_column(datasource, name);
                function(KeyPart{datasource, name_of(field, datasource, facts), part, column});
            }
        }
    }
}

bool has_setting(const Datasource& datasource, std::string_view name) {
    return find_whole_word(datasource.engine.settings, name) != std::string::npos;
}

bool holds_word(const std::string& type, std::string_view word) {
    return find_whole_word(type, word) != std::string::npos;
}

// The aggregate functions that people put into a key, thinking of the result; with -Merge they are the same.
constexpr auto kAggregates = std::to_array<std::string_view>(
    {"sum", "count", "avg", "min", "max", "any", "grouparray", "groupuniqarray", "uniq"});

std::string aggregate_of(std::string_view part) {
    const std::size_t bracket = part.find('(');
    if (bracket == std::string_view::npos || !part.ends_with(')')) {
        return {};
    }
    std::string name = to_lower_ascii(trim(part.substr(0, bracket)));
    const std::string_view plain =
        name.ends_with("merge") ? std::string_view(name).substr(0, name.size() - 5) : name;
    return std::find(kAggregates.begin(), kAggregates.end(), plain) == kAggregates.end()
               ? std::string()
               : std::string(trim(part.substr(0, bracket)));
}

// Why a column of this type has no order; empty when it has one.
std::string orderless(const std::string& type) {
    if (holds_word(type, "AggregateFunction") || holds_word(type, "SimpleAggregateFunction")) {
        return "the state of an aggregation";
    }
    const syntax::Parsed<syntax::ClickHouseType> parsed = syntax::parse_clickhouse_type(type);
    if (const auto* known = std::get_if<syntax::ClickHouseType>(&parsed)) {
        const std::string& name = syntax::unwrapped(*known).name;
        if (name == "JSON" || name == "Object" || name == "Dynamic" || name == "Variant") {
            return "a value of any type";
        }
    }
    return {};
}

} // namespace

void check_nullable_keys(const RuleFacts& facts, Diagnostics& problems) {
    each_key_part(facts, [&](const KeyPart& part) {
        if (part.column == nullptr || !holds_word(part.column->type, "Nullable") ||
            holds_word(part.column->type, "AggregateFunction") ||
            has_setting(part.datasource, "allow_nullable_key")) {
            return;
        }
        Diagnostic report{&codes::F301,
                          backquoted(part.field) + " holds `" + part.column->name + "`, which may be NULL",
                          {},
                          "take `Nullable` from the column and give it a default, or sort by "
                          "`ifNull(" +
                              part.column->name + ", ...)`"};
        report.labels = {{place_in_engine(part.datasource, part.field, part.column->name, facts.sources), {}},
                         {part.column->origin.span, "`" + part.column->type + "` here"}};
        problems.add(std::move(report));
    });
}

void check_key_order(const RuleFacts& facts, Diagnostics& problems) {
    each_key_part(facts, [&](const KeyPart& part) {
        if (const std::string aggregate = aggregate_of(part.text); !aggregate.empty()) {
            problems.add(codes::F302, place_in_engine(part.datasource, part.field, aggregate, facts.sources),
                         backquoted(part.field) + " holds the aggregate function " + backquoted(aggregate),
                         "a key is made of one row's values: name the columns that the rows are grouped by");
            return;
        }
        const std::string why = part.column == nullptr ? std::string() : orderless(part.column->type);
        if (why.empty() || has_setting(part.datasource, "allow_suspicious_primary_key")) {
            return;
        }
        Diagnostic report{&codes::F302,
                          backquoted(part.field) + " holds `" + part.column->name + "`, which is " + why,
                          {},
                          "name the columns that the rows are grouped by"};
        report.labels = {{place_in_engine(part.datasource, part.field, part.column->name, facts.sources), {}},
                         {part.column->origin.span, "`" + part.column->type + "` here"}};
        problems.add(std::move(report));
    });
}

namespace {

// `ts`, `ts + INTERVAL 1 DAY`, `ts + toIntervalDay(1)`: the forms of which the type is known without an
// engine.
struct SimpleTime {
    std::string column;
    bool moved = false; // an interval is added
};

class TimeReader {
public:
    explicit TimeReader(std::string_view text) : text_(text) {
        for (const syntax::SqlToken& token : syntax::tokenize_sql(text)) {
            if (is_significant(token)) {
                tokens_.push_back(token);
            }
        }
    }

    std::optional<SimpleTime> read() {
        if (tokens_.empty() ||
            (kind(0) != syntax::SqlTokenKind::Word && kind(0) != syntax::SqlTokenKind::QuotedName)) {
            return std::nullopt;
        }
        SimpleTime time{syntax::name_of(tokens_[0], text_), false};
        if (ends(1)) {
            return time;
        }
        const bool words = word(1) == "+" && lowered(2) == "interval" && size() > 4 && ends(5);
        const bool function = word(1) == "+" && lowered(2).starts_with("tointerval") && word(3) == "(" &&
                              word(5) == ")" && ends(6);
        time.moved = true;
        return words || function ? std::optional(std::move(time)) : std::nullopt;
    }

private:
    std::size_t size() const { return tokens_.size(); }
    syntax::SqlTokenKind kind(std::size_t at) const { return tokens_[at].kind; }
    std::string_view word(std::size_t at) const {
        return at < size() ? syntax::text_of(tokens_[at], text_) : std::string_view();
    }
    std::string lowered(std::size_t at) const { return to_lower_ascii(word(at)); }
    // DELETE, TO DISK and the like say what is done then.
    bool ends(std::size_t at) const {
        constexpr std::array<std::string_view, 5> kActions = {"delete", "to", "group", "recompress", "where"};
        return at >= size() || std::find(kActions.begin(), kActions.end(), lowered(at)) != kActions.end();
    }

    std::string_view text_;
    std::vector<syntax::SqlToken> tokens_;
};

bool is_time(std::string_view type) {
    return type == "Date" || type == "Date32" || type == "DateTime" || type == "DateTime64";
}

// Types of which no time can be made by adding an interval. To a text one can be added: the engine reads it
// as a time.
bool is_never_time(std::string_view type) {
    constexpr std::array<std::string_view, 7> kBeginnings = {"Int",  "UInt", "Float", "Decimal",
                                                             "Enum", "IPv",  "UUID"};
    constexpr std::array<std::string_view, 4> kWhole = {"Bool", "Array", "Map", "Tuple"};
    return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                       [&](std::string_view beginning) { return type.starts_with(beginning); }) ||
           std::find(kWhole.begin(), kWhole.end(), type) != kWhole.end();
}

// What is wrong with the type as the time of a TTL; empty when nothing is for sure.
std::string_view ttl_fault(const Column& column, bool moved) {
    const syntax::Parsed<syntax::ClickHouseType> parsed = syntax::parse_clickhouse_type(column.type);
    const auto* type = std::get_if<syntax::ClickHouseType>(&parsed);
    if (type == nullptr) {
        return {};
    }
    const std::string& name = syntax::unwrapped(*type).name;
    if (is_time(name)) {
        return syntax::is_nullable(*type) ? "may be NULL" : "";
    }
    const bool is_text = name == "String" || name == "FixedString";
    return is_never_time(name) || (is_text && !moved) ? "is no time" : "";
}

} // namespace

void check_ttl_times(const RuleFacts& facts, Diagnostics& problems) {
    for (const Datasource& datasource : facts.project.datasources) {
        for (const std::string_view part : expression_parts(datasource.engine.ttl)) {
            const std::optional<SimpleTime> time = TimeReader(part).read();
            const Column* column = time ? model::find_column(datasource, time->column) : nullptr;
            const std::string_view fault = column == nullptr ? "" : ttl_fault(*column, time->moved);
            if (fault.empty()) {
                continue;
            }
            const std::string_view field = facts.is_definition(datasource.origin) ? "ttl" : "ENGINE_TTL";
            Diagnostic report{
                &codes::F303,
                backquoted(field) + " counts from `" + column->name + "`, which " + std::string(fault),
                {},
                fault == "may be NULL"
                    ? "write `assumeNotNull(" + column->name + ")`, or take `Nullable` from the column"
                    : "make a time of it, with `toDateTime(" + column->name + ")` perhaps"};
            report.labels = {{place_in_engine(datasource, field, column->name, facts.sources), {}},
                             {column->origin.span, "`" + column->type + "` here"}};
            problems.add(std::move(report));
        }
    }
}

void check_version_in_key(const RuleFacts& facts, Diagnostics& problems) {
    for (const Datasource& datasource : facts.project.datasources) {
        const model::TableEngine& engine = datasource.engine;
        const std::string version = plain_name(engine.version_column);
        if (engine.kind != "ReplacingMergeTree" || version.empty() ||
            engine.sorting_key.find(version) == std::string::npos) {
            continue;
        }
        const bool defines = facts.is_definition(datasource.origin);
        const std::string field(defines ? "sorting_key" : "ENGINE_SORTING_KEY");
        if (find_whole_word(engine.sorting_key, version) != std::string::npos) {
            problems.add(
                codes::F304, place_in_engine(datasource, field, version, facts.sources),
                backquoted(field) + " holds `" + version + "`, the version of a row",
                "take it out: rows of different versions have different keys, and none replaces another");
        } else if (facts.dialect == syntax::Dialect::Forward) {
            problems.add(codes::F304,
                         place_in_engine(datasource, defines ? "ver" : "ENGINE_VER", version, facts.sources),
                         "the service's own tool finds the version `" + version + "` in the sorting key `" +
                             engine.sorting_key + "`, and refuses it",
                         "rename the column: the tool looks for its letters anywhere in the key");
        }
    }
}

} // namespace birdhouse::ops
