// What each kind of step destroys, and the query that counts it. A value is lost when the way to the new type
// and back does not give it again: accurateCastOrNull alone misses cut fractions and wrapped years.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/ttl_change.hpp"
#include "codec/type_change.hpp"
#include "ops/migration_guard.hpp"
#include "syntax/clickhouse_type.hpp"
#include "syntax/sql_outline.hpp"
#include "target/rebuild.hpp"
#include "target/sql_text.hpp"
#include "target/type_text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::ops {

namespace {

using target::identifier;
using target::string_literal;

std::string count_where(std::string_view database, const std::string& table, const std::string& condition) {
    return "SELECT countIf(" + condition + ") FROM " + target::qualified_name(database, table);
}

// The names of an Enum, Nullable or not; nothing for another type.
std::optional<std::vector<std::string>> enum_names(std::string_view type) {
    const syntax::Parsed<syntax::ClickHouseType> parsed =
        syntax::parse_clickhouse_type(target::plain_type(type));
    const auto* read = std::get_if<syntax::ClickHouseType>(&parsed);
    if (read == nullptr || !read->name.starts_with("Enum")) {
        return std::nullopt;
    }
    std::vector<std::string> names;
    for (const syntax::TypeArgument& value : read->arguments) {
        names.push_back(value.text);
    }
    return names;
}

bool has_elements(std::string_view type) {
    static constexpr std::array<std::string_view, 4> kWords = {"Array(", "Map(", "Tuple(", "Nested("};
    return std::ranges::any_of(kWords, [&](std::string_view word) { return type.starts_with(word); });
}

std::string cast_or_null(const std::string& value, std::string_view type) {
    // What has elements cannot be inside Nullable, so there is no NULL to give for what does not fit.
    return (has_elements(type) ? "CAST(" : "accurateCastOrNull(") + value + ", " + string_literal(type) + ")";
}

std::string differs(const std::string& left, const std::string& right) {
    return "NOT (" + left + " IS NOT DISTINCT FROM " + right + ")";
}

std::string not_among(const std::string& column, const std::vector<std::string>& names) {
    std::vector<std::string> literals(names.size());
    std::ranges::transform(names, literals.begin(),
                           [](const std::string& name) { return string_literal(name); });
    return "ifNull(toString(" + column + ") NOT IN (" + join(literals, ", ") + "), 0)";
}

struct LossFinder {
    const model::Schema& before;
    std::string_view database;

    using Losses = std::vector<Loss>;

    Losses operator()(const model::DropColumn& step) const {
        const std::string name = identifier(step.name);
        return {Loss{
            &codes::D101, step.datasource + "." + step.name,
            "the values of column " + backquoted(step.datasource + "." + step.name),
            count_where(database, step.datasource, differs(name, unset_value(step.datasource, step.name))),
            ""}};
    }
    Losses operator()(const model::DropDatasource& step) const { return {all_rows(step.datasource)}; }
    Losses operator()(const model::SetTtl& step) const {
        Losses losses;
        if (!step.ttl.empty()) {
            losses.push_back(ttl_loss(step.datasource, step.ttl));
            add_history_loss(step.datasource, step.ttl, losses);
        }
        return losses;
    }
    Losses operator()(const model::ChangeType& step) const {
        const model::Column* column = column_before(step.datasource, step.name);
        if (column == nullptr || codec::keeps_every_value(column->type, step.type)) {
            return {};
        }
        return {type_loss(step.datasource, *column, step.type)};
    }
    Losses operator()(const model::SetNullable& step) const {
        return step.nullable ? Losses() : Losses{null_loss(step.datasource, step.name)};
    }
    Losses operator()(const model::RebuildDatasource& step) const {
        const model::Datasource* datasource = model::find_datasource(before, step.datasource);
        if (datasource == nullptr) {
            return {};
        }
        if (step.engine && to_lower_ascii(step.engine->kind) == "null") {
            return {all_rows(step.datasource)};
        }
        Losses losses;
        model::Schema after = before;
        if (model::apply_step(step, after)) {
            return {}; // it does not fit: the replay says so
        }
        for (const model::Column& column : model::find_datasource(after, step.datasource)->columns) {
            const model::Column& old = *model::find_column(*datasource, column.name);
            const bool by_expression =
                std::ranges::find(step.convert, column.name, &model::Conversion::name) != step.convert.end();
            if (by_expression) {
                losses.push_back(conversion_loss(step, old, column));
            } else if (!codec::keeps_every_value(old.type, column.type)) {
                losses.push_back(type_loss(step.datasource, old, column.type));
            }
        }
        if (step.engine && !step.engine->ttl.empty() && step.engine->ttl != datasource->engine.ttl) {
            losses.push_back(ttl_loss(step.datasource, step.engine->ttl));
            add_history_loss(step.datasource, step.engine->ttl, losses);
        }
        return losses;
    }
    template <class Harmless>
    Losses operator()(const Harmless&) const {
        return {};
    }

private:
    Loss all_rows(const std::string& datasource) const {
        return {&codes::D102, datasource, "all rows of " + backquoted(datasource),
                count_where(database, datasource, "1"), ""};
    }
    Loss ttl_loss(const std::string& datasource, const std::string& ttl) const {
        return {&codes::D103, datasource,
                "the rows of " + backquoted(datasource) + " that are older than its TTL",
                count_where(database, datasource, "toDateTime(" + ttl + ") <= now()"), ""};
    }
    // A target that keeps what it made of rows that will be gone can be made again no more. A TTL that keeps
    // rows longer than the one before takes nothing.
    void add_history_loss(const std::string& datasource, const std::string& ttl, Losses& losses) const {
        const model::Datasource* source = model::find_datasource(before, datasource);
        if (source == nullptr || codec::compare_ttl(source->engine.ttl, ttl) == codec::TtlChange::Widened) {
            return;
        }
        for (const model::MaterializedView& view : before.views) {
            const model::Datasource* target = model::find_datasource(before, view.target);
            const std::vector<syntax::SqlTable> tables = syntax::outline_sql(view.sql).tables;
            const bool reads = std::ranges::find(tables, datasource, &syntax::SqlTable::name) != tables.end();
            if (reads && target != nullptr && codec::outlives(target->engine.ttl, ttl)) {
                Loss loss = ttl_loss(datasource, ttl);
                loss.code = &codes::D107;
                loss.what = "the rows from which " + backquoted(view.target) + " can be made again";
                losses.push_back(std::move(loss));
                return;
            }
        }
    }
    Loss null_loss(const std::string& datasource, const std::string& name) const {
        return {&codes::D108, datasource + "." + name,
                "the difference between NULL and the default in " + backquoted(datasource + "." + name),
                count_where(database, datasource, "isNull(" + identifier(name) + ")"), ""};
    }

    Loss type_loss(const std::string& datasource, const model::Column& column,
                   const std::string& type) const {
        const std::string subject = datasource + "." + column.name;
        const std::string name = identifier(column.name);
        if (const auto names = enum_names(type)) {
            const std::string gone = not_among(name, *names);
            return {&codes::D104, subject,
                    "the values of " + backquoted(subject) + " that " + type + " does not have",
                    count_where(database, datasource, gone),
                    "SELECT toString(" + name + ") AS value, count() FROM " +
                        target::qualified_name(database, datasource) + " WHERE " + gone +
                        " GROUP BY value ORDER BY count() DESC, value LIMIT 5"};
        }
        const bool only_null = target::plain_type(column.type) == target::plain_type(type);
        if (only_null) {
            return null_loss(datasource, column.name);
        }
        const std::string back = cast_or_null(cast_or_null(name, type), column.type);
        return {&codes::D105, subject, "the values of " + backquoted(subject) + " that do not fit " + type,
                count_where(database, datasource, differs(back, name)), ""};
    }

    // Rows that never had a value of their own lose none.
    Loss conversion_loss(const model::RebuildDatasource& step, const model::Column& old,
                         const model::Column& column) const {
        const std::string subject = step.datasource + "." + column.name;
        const std::string name = identifier(column.name);
        const std::string back = cast_or_null(target::converted(step, old, column), old.type);
        return {&codes::D105, subject,
                "the values of " + backquoted(subject) + " that its conversion does not keep",
                count_where(database, step.datasource,
                            differs(back, name) + " AND " +
                                differs(name, unset_value(step.datasource, column.name))),
                ""};
    }

    // What a row reads that never had a value of its own: it can be had again, so it is no loss.
    std::string unset_value(const std::string& datasource, const std::string& name) const {
        const model::Column* column = column_before(datasource, name);
        if (column != nullptr && column->default_expression) {
            return "CAST(" + *column->default_expression + ", " + string_literal(column->type) + ")";
        }
        return "defaultValueOfArgumentType(" + identifier(name) + ")";
    }

    const model::Column* column_before(std::string_view datasource, std::string_view name) const {
        const model::Datasource* found = model::find_datasource(before, datasource);
        return found == nullptr ? nullptr : model::find_column(*found, name);
    }
};

} // namespace

std::vector<Loss> losses_of(const model::StepAction& action, const model::Schema& before,
                            std::string_view database) {
    return std::visit(LossFinder{before, database}, action);
}

} // namespace birdhouse::ops
