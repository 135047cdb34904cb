// Columns are matched by name: a rename is a drop and an add until the user says otherwise, but a pair that
// looks like one is pointed out.
#include "codec/column_diff.hpp"

#include "base/text.hpp"
#include "codec/column_renames.hpp"
#include "codec/column_rules.hpp"
#include "codec/sql_form.hpp"
#include "codec/type_change.hpp"
#include "codec/type_form.hpp"
#include "model/schema.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace birdhouse::codec {

namespace {

using model::Change;
using model::ChangeKind;
using model::Column;
using model::Datasource;
using syntax::ClickHouseType;
using syntax::TypeArgument;

std::string text_of(const std::optional<std::string>& expression) { return expression.value_or(""); }

bool is_nullable(const Column& column) {
    const std::optional<ClickHouseType> type = type_form(column.type);
    return type && syntax::is_nullable(*type);
}

bool is_nested(const Column& column) {
    const std::optional<ClickHouseType> type = type_form(column.type);
    return type && type->name == "Nested";
}

// Ingestion refuses an event without the field.
bool requires_field(const Column& column) {
    return column.json_path && !column.default_expression && !column.materialized && !is_nullable(column);
}

bool is_numeric(const Column& column) {
    const std::optional<ClickHouseType> type = type_form(column.type);
    if (!type) {
        return false;
    }
    const std::string& name = syntax::unwrapped(*type).name;
    return name.starts_with("Int") || name.starts_with("UInt") || name.starts_with("Float") ||
           name == "Decimal" || name == "BFloat16";
}

bool is_aggregate(const Column& column) {
    const std::optional<ClickHouseType> type = type_form(column.type);
    return type && (type->name == "AggregateFunction" || type->name == "SimpleAggregateFunction");
}

// Of rows that the engine merges into one, does it keep any one value of the column?
bool is_outside_key(const Datasource& datasource, const Column& column) {
    const model::TableEngine& engine = datasource.engine;
    const std::string kind = to_lower_ascii(engine.kind);
    if (is_in_key(engine, column.name) || is_aggregate(column)) {
        return false;
    }
    if (kind.ends_with("aggregatingmergetree")) {
        return true;
    }
    const bool is_summed = engine.summing_columns.empty() ? is_numeric(column)
                                                          : names_column(engine.summing_columns, column.name);
    return kind.ends_with("summingmergetree") && !is_summed;
}

ChangeKind kind_of_added(const Datasource& datasource, const Column& column) {
    const std::string prefix = column.name.substr(0, column.name.find('.') + 1);
    const bool has_siblings =
        !prefix.empty() &&
        std::any_of(datasource.columns.begin(), datasource.columns.end(), [&](const Column& other) {
            return other.name != column.name && other.name.starts_with(prefix);
        });
    if (is_nested(column) || has_siblings) {
        return ChangeKind::ColumnAddedNested;
    }
    if (column.materialized) {
        return ChangeKind::ColumnAddedComputed;
    }
    if (column.default_expression) {
        return is_volatile(*column.default_expression) ? ChangeKind::ColumnAddedWithVolatileDefault
                                                       : ChangeKind::ColumnAddedWithDefault;
    }
    return is_nullable(column) ? ChangeKind::ColumnAddedNullable : ChangeKind::ColumnAdded;
}

class ColumnDiff {
public:
    ColumnDiff(const Datasource& before, const Datasource& after, ChangeList& changes)
        : before_(before), after_(after), changes_(changes), renames_(possible_renames(before, after)) {}

    void run() {
        for (const model::ColumnRename& one : model::renames_between(before_, after_)) {
            rename(*find_column(before_, one.from), *find_column(after_, one.to));
        }
        for (const Column& column : before_.columns) {
            if (find_column(after_, column.name) == nullptr && !renamed_.contains(column.name)) {
                drop(column);
            }
        }
        for (const Column& column : after_.columns) {
            if (const Column* old = find_column(before_, column.name)) {
                compare(*old, column);
            } else if (!renamed_.contains(column.renamed_from.value_or(""))) {
                add(column);
            }
        }
        compare_order();
    }

private:
    // Everything else that differs is a change of the new column.
    void rename(const Column& from, const Column& to) {
        renamed_.insert(from.name);
        Change& change = changes_.add(ChangeKind::ColumnRenamed, from.name,
                                      side(from.name, from, from.origin), side(to.name, to, to.origin));
        change.surroundings.in_key = is_in_key(before_.engine, from.name);
        change.surroundings.has_forward_query = !after_.forward_query.empty();
        compare(from, to);
    }

    void drop(const Column& column) {
        Change& change = changes_.add(ChangeKind::ColumnDropped, column.name,
                                      side(column_text(column), column, column.origin), nothing());
        change.surroundings.in_key = is_in_key(before_.engine, column.name);
        for (const PossibleRename& rename : renames_) {
            if (rename.from == column.name) {
                change.surroundings.possible_rename = rename.to;
            }
        }
    }

    void add(const Column& column) {
        Change& change = changes_.add(kind_of_added(after_, column), column.name, nothing(),
                                      side(column_text(column), column, column.origin));
        model::Surroundings& around = change.surroundings;
        around.in_key = is_in_key(after_.engine, column.name);
        around.outside_key = is_outside_key(after_, column);
        around.field_required = requires_field(column);
        around.is_volatile = column.default_expression && is_volatile(*column.default_expression);
        around.position = position_of(column);
        for (const PossibleRename& rename : renames_) {
            if (rename.to == column.name) {
                around.possible_rename = rename.from;
            }
        }
    }

    // Of a column of the later state.
    model::ColumnPosition position_of(const Column& column) const {
        if (&column == &after_.columns.back()) {
            return {};
        }
        if (&column == &after_.columns.front()) {
            return {true, ""};
        }
        return {false, std::prev(&column)->name};
    }

    void compare(const Column& before, const Column& after) {
        compare_type(before, after);
        compare_expressions(before, after);
        compare_path(before, after);
        compare_rules(before, after);
        if (trim(before.description) != trim(after.description)) {
            change(ChangeKind::ColumnDescriptionChanged, before, after, before.description,
                   after.description);
        }
    }

    Change& change(ChangeKind kind, const Column& before, const Column& after, std::string text_before,
                   std::string text_after) {
        Change& made = changes_.add(kind, after.name, side(std::move(text_before), before, before.origin),
                                    side(std::move(text_after), after, after.origin));
        made.surroundings.in_key =
            is_in_key(before_.engine, after.name) || is_in_key(after_.engine, after.name);
        made.surroundings.has_forward_query = !after_.forward_query.empty();
        return made;
    }

    void compare_type(const Column& before, const Column& after) {
        if (is_nested(before) && is_nested(after)) {
            compare_nested(before, after);
            return;
        }
        for (const ChangeKind kind : compare_types(before.type, after.type)) {
            Change& made = change(kind, before, after, before.type, after.type);
            made.surroundings.field_required =
                kind == ChangeKind::ColumnMadeNotNullable && requires_field(after) && !requires_field(before);
        }
    }

    // Each element of a Nested is a column of its own in the table: `items.price`.
    void compare_nested(const Column& before, const Column& after) {
        const ClickHouseType old_type = *type_form(before.type);
        const ClickHouseType new_type = *type_form(after.type);
        const auto element = [](const ClickHouseType& type, const std::string& label) -> const TypeArgument* {
            const auto found = std::find_if(type.arguments.begin(), type.arguments.end(),
                                            [&](const TypeArgument& one) { return one.label == label; });
            return found == type.arguments.end() ? nullptr : &*found;
        };
        const auto text = [](const TypeArgument& one) {
            return one.type.empty() ? one.text : "Array(" + write_clickhouse_type(one.type.front()) + ")";
        };
        for (const TypeArgument& old : old_type.arguments) {
            if (element(new_type, old.label) == nullptr) {
                changes_.add(ChangeKind::ColumnDropped, after.name + "." + old.label,
                             side(text(old), before, before.origin), nothing());
            }
        }
        for (const TypeArgument& one : new_type.arguments) {
            const TypeArgument* old = element(old_type, one.label);
            const std::string name = after.name + "." + one.label;
            if (old == nullptr) {
                changes_.add(ChangeKind::ColumnAddedNested, name, nothing(),
                             side(text(one), after, after.origin));
                continue;
            }
            for (const ChangeKind kind : compare_types(text(*old), text(one))) {
                Change& made = changes_.add(kind, name, side(text(*old), before, before.origin),
                                            side(text(one), after, after.origin));
                made.surroundings.has_forward_query = !after_.forward_query.empty();
            }
        }
    }

    void compare_expressions(const Column& before, const Column& after) {
        const std::string old_default = text_of(before.default_expression);
        const std::string new_default = text_of(after.default_expression);
        if (sql_form(old_default) != sql_form(new_default)) {
            ChangeKind kind = ChangeKind::DefaultChanged;
            if (!before.default_expression || !after.default_expression) {
                kind = before.default_expression ? ChangeKind::DefaultRemoved : ChangeKind::DefaultAdded;
            }
            Change& made = change(kind, before, after, old_default, new_default);
            made.surroundings.is_volatile = is_volatile(new_default);
            made.surroundings.field_required = requires_field(after) && !requires_field(before);
        }
        const auto compare_text = [&](ChangeKind kind, const std::optional<std::string>& old,
                                      const std::optional<std::string>& now) {
            if (sql_form(text_of(old)) != sql_form(text_of(now))) {
                change(kind, before, after, text_of(old), text_of(now));
            }
        };
        compare_text(ChangeKind::MaterializedChanged, before.materialized, after.materialized);
        compare_text(ChangeKind::CodecChanged, before.codec, after.codec);
    }

    void compare_path(const Column& before, const Column& after) {
        if (before.json_path == after.json_path) {
            return;
        }
        ChangeKind kind = ChangeKind::JsonPathChanged;
        if (!before.json_path || !after.json_path) {
            kind = before.json_path ? ChangeKind::JsonPathRemoved : ChangeKind::JsonPathAdded;
        }
        Change& made =
            change(kind, before, after, before.json_path.value_or(""), after.json_path.value_or(""));
        made.surroundings.field_required = requires_field(after) && !requires_field(before);
    }

    void compare_rules(const Column& before, const Column& after) {
        if (!same_rules(before, after)) {
            const ChangeKind kind =
                takes_all(after, before) ? ChangeKind::RulesLoosened : ChangeKind::RulesTightened;
            change(kind, before, after, rules_text(before), rules_text(after));
        }
        if (before.privacy != after.privacy) {
            change(ChangeKind::PrivacyChanged, before, after, std::string(to_string(before.privacy)),
                   std::string(to_string(after.privacy)));
        }
    }

    void compare_order() {
        const auto shared = [](const Datasource& from, const Datasource& other) {
            std::vector<std::string> names;
            for (const Column& column : from.columns) {
                if (find_column(other, column.name) != nullptr) {
                    names.push_back(column.name);
                }
            }
            return names;
        };
        const std::vector<std::string> old_order = shared(before_, after_);
        const std::vector<std::string> new_order = shared(after_, before_);
        if (old_order != new_order) {
            changes_.add(ChangeKind::ColumnsReordered, "", side(join(old_order, ", "), before_.origin),
                         side(join(new_order, ", "), after_.origin));
        }
    }

    const Datasource& before_;
    const Datasource& after_;
    ChangeList& changes_;
    std::vector<PossibleRename> renames_;
    std::set<std::string> renamed_; // columns of the earlier state
};

} // namespace

void diff_columns(const Datasource& before, const Datasource& after, ChangeList& changes) {
    ColumnDiff(before, after, changes).run();
}

std::string column_text(const Column& column) {
    std::string text = column.type;
    if (column.default_expression) {
        text += " DEFAULT " + *column.default_expression;
    }
    if (column.materialized) {
        text += " MATERIALIZED " + *column.materialized;
    }
    return text;
}

bool is_in_key(const model::TableEngine& engine, std::string_view column) {
    const std::array<const std::string*, 4> keys = {&engine.sorting_key, &engine.partition_key,
                                                    &engine.primary_key, &engine.sampling_key};
    return std::any_of(keys.begin(), keys.end(),
                       [&](const std::string* key) { return names_column(*key, column); });
}

} // namespace birdhouse::codec
