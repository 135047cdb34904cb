#include "target/ddl.hpp"

#include "base/text.hpp"
#include "syntax/sql_scan.hpp"
#include "target/sql_text.hpp"
#include "target/type_text.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace birdhouse::target {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

// Datafiles name engines in any case, the engine in this one.
constexpr std::array<std::string_view, 8> kEngines = {"MergeTree",
                                                      "ReplacingMergeTree",
                                                      "SummingMergeTree",
                                                      "AggregatingMergeTree",
                                                      "CollapsingMergeTree",
                                                      "VersionedCollapsingMergeTree",
                                                      "Join",
                                                      "Null"};

std::string engine_kind(std::string_view kind) {
    const std::string lowered = to_lower_ascii(kind);
    const auto known = std::find_if(kEngines.begin(), kEngines.end(),
                                    [&](std::string_view name) { return to_lower_ascii(name) == lowered; });
    return std::string(known == kEngines.end() ? kind : *known);
}

bool has_keys(std::string_view kind) { return kind.ends_with("MergeTree"); }

// "(a, b)" or "a": a list needs the parentheses, one expression reads better without.
std::string key_text(std::string_view text) {
    const std::string inside(syntax::without_outer_parentheses(text));
    return syntax::is_list(inside) ? "(" + inside + ")" : inside;
}

std::string column_text(const model::Column& column) {
    std::string text = identifier(column.name);
    if (!column.type.empty()) {
        text += " " + canonical_nullable(column.type);
    }
    if (column.default_expression) {
        text += " DEFAULT " + *column.default_expression;
    }
    if (column.materialized) {
        text += " MATERIALIZED " + *column.materialized;
    }
    if (column.codec) {
        text += " CODEC(" + *column.codec + ")";
    }
    return text;
}

std::string index_text(const model::Index& index) {
    return identifier(index.name) + " " + key_text(index.expression) + " TYPE " + index.type +
           " GRANULARITY " + index.granularity;
}

std::string engine_arguments(const model::TableEngine& engine, std::string_view kind) {
    std::vector<std::string> arguments;
    const auto add = [&](const std::string& argument) {
        if (!argument.empty()) {
            arguments.push_back(argument);
        }
    };
    if (kind == "ReplacingMergeTree") {
        add(engine.version_column);
        add(engine.is_deleted_column);
    } else if (kind == "SummingMergeTree") {
        add(key_text(engine.summing_columns));
    } else if (kind == "CollapsingMergeTree") {
        add(engine.sign_column);
    } else if (kind == "VersionedCollapsingMergeTree") {
        add(engine.sign_column);
        add(engine.collapsing_version);
    } else if (kind == "Join") {
        add(engine.join_strictness);
        add(engine.join_type);
        add(engine.key_columns);
    }
    return arguments.empty() ? std::string() : "(" + join(arguments, ", ") + ")";
}

std::string engine_text(const model::TableEngine& engine) {
    const std::string kind = engine_kind(engine.kind);
    std::string text = "ENGINE = " + kind + engine_arguments(engine, kind);
    if (!has_keys(kind)) {
        return text;
    }
    const auto clause = [&](std::string_view words, const std::string& value) {
        if (!value.empty()) {
            text += "\n" + std::string(words) + " " + value;
        }
    };
    clause("PARTITION BY", key_text(engine.partition_key));
    clause("PRIMARY KEY", key_text(engine.primary_key));
    clause("ORDER BY", engine.sorting_key.empty() ? "tuple()" : key_text(engine.sorting_key));
    clause("SAMPLE BY", key_text(engine.sampling_key));
    clause("TTL", engine.ttl);
    clause("SETTINGS", engine.settings);
    return text;
}

std::string position_text(const model::ColumnPosition& position) {
    if (position.first) {
        return " FIRST";
    }
    return position.after.empty() ? std::string() : " AFTER " + identifier(position.after);
}

const model::Column* column_before(const model::Datasource* before, std::string_view name) {
    return before == nullptr ? nullptr : model::find_column(*before, name);
}

std::vector<std::string> set_nullable(const model::SetNullable& step, const model::Datasource* before,
                                      const std::string& alter) {
    const model::Column* column = column_before(before, step.name);
    const std::string type =
        column == nullptr ? std::string() : column->type; // empty: the engine will refuse it
    const std::string modify = alter + "MODIFY COLUMN " + identifier(step.name) + " ";
    if (step.nullable) {
        return {modify + nullable_type(type)};
    }
    const std::string plain = plain_type(type);
    if (column != nullptr && column->default_expression) {
        return {modify + plain}; // the engine puts the column's default where NULL was
    }
    // It asks for a default to put there; the type's own zero is lent for one statement.
    return {modify + plain + " DEFAULT defaultValueOfTypeName(" + string_literal(plain) + ")",
            modify + "REMOVE DEFAULT"};
}

// With its type repeated: a place alone is not taken for an ALTER. Default, codec, comment and TTL of the
// column are not named, and stay.
std::string move_column(const model::MoveColumn& step, const model::Datasource* before) {
    const model::Column* column = column_before(before, step.name);
    return "MODIFY COLUMN " + identifier(step.name) +
           (column == nullptr ? std::string() : " " + canonical_nullable(column->type)) +
           position_text(step.position);
}

std::string set_default(const model::SetDefault& step) {
    return "MODIFY COLUMN " + identifier(step.name) +
           (step.expression ? " DEFAULT " + *step.expression : std::string(" REMOVE DEFAULT"));
}

} // namespace

std::string create_table(const model::Datasource& datasource, std::string_view database,
                         std::string_view name) {
    std::vector<std::string> lines;
    for (const model::Column& column : datasource.columns) {
        lines.push_back("    " + column_text(column));
    }
    for (const model::Index& index : datasource.indexes) {
        lines.push_back("    INDEX " + index_text(index));
    }
    return "CREATE TABLE " + qualified_name(database, name) + "\n(\n" + join(lines, ",\n") + "\n)\n" +
           engine_text(datasource.engine);
}

std::string create_materialized_view(std::string_view view, std::string_view into, std::string_view sql,
                                     std::string_view database) {
    return "CREATE MATERIALIZED VIEW " + qualified_name(database, view) + " TO " +
           qualified_name(database, into) + "\nAS " + std::string(trim(sql));
}

std::vector<std::string> statements_for(const model::StepAction& action, const model::Datasource* before,
                                        std::string_view database) {
    using Statements = std::vector<std::string>;
    const auto alter = [&](const std::string& table) {
        return "ALTER TABLE " + qualified_name(database, table) + " ";
    };
    return std::visit(
        Overloaded{
            [&](const model::CreateDatasource& s) {
                return Statements{create_table(s.datasource, database, s.datasource.name)};
            },
            [&](const model::DropDatasource& s) {
                return Statements{"DROP TABLE " + qualified_name(database, s.datasource)};
            },
            [&](const model::AddColumn& s) {
                return Statements{alter(s.datasource) + "ADD COLUMN " + column_text(s.column) +
                                  position_text(s.position)};
            },
            [&](const model::DropColumn& s) {
                return Statements{alter(s.datasource) + "DROP COLUMN " + identifier(s.name)};
            },
            [&](const model::MoveColumn& s) {
                return Statements{alter(s.datasource) + move_column(s, before)};
            },
            [&](const model::RenameColumn& s) {
                return Statements{alter(s.datasource) + "RENAME COLUMN " + identifier(s.from) + " TO " +
                                  identifier(s.to)};
            },
            [&](const model::ChangeType& s) {
                return Statements{alter(s.datasource) + "MODIFY COLUMN " + identifier(s.name) + " " +
                                  canonical_nullable(s.type)};
            },
            [&](const model::SetDefault& s) { return Statements{alter(s.datasource) + set_default(s)}; },
            [&](const model::SetNullable& s) { return set_nullable(s, before, alter(s.datasource)); },
            [&](const model::SetTtl& s) {
                return Statements{alter(s.datasource) +
                                  (s.ttl.empty() ? "REMOVE TTL" : "MODIFY TTL " + s.ttl)};
            },
            [&](const model::AddIndex& s) {
                return Statements{alter(s.datasource) + "ADD INDEX " + index_text(s.index)};
            },
            [&](const model::DropIndex& s) {
                return Statements{alter(s.datasource) + "DROP INDEX " + identifier(s.name)};
            },
            [&](const model::CreateMaterializedView& s) {
                return Statements{create_materialized_view(s.view, s.target, s.sql, database)};
            },
            [&](const model::DropMaterializedView& s) {
                return Statements{"DROP VIEW " + qualified_name(database, s.view)};
            },
            [&](const model::ChangeMaterializedView& s) {
                return Statements{alter(s.view) + "MODIFY QUERY " + std::string(trim(s.sql))};
            },
            [&](const model::SetJsonPath&) { return Statements{}; },
            [&](const model::RebuildDatasource&) { return Statements{}; }, // see target/rebuild.hpp
        },
        action);
}

} // namespace birdhouse::target
