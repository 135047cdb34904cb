#include "server/table_maker.hpp"

#include "base/text.hpp"
#include "codec/pipe_query.hpp"
#include "codec/service_tables.hpp"
#include "syntax/sql_outline.hpp"
#include "target/ddl.hpp"
#include "target/sql_text.hpp"

#include <algorithm>

namespace birdhouse::server {

using model::Datasource;
using model::Pipe;

namespace {

// A view is triggered by the first table that it reads.
std::string with_condition(const std::string& sql, const std::string& condition) {
    for (const syntax::SqlTable& table : syntax::outline_sql(sql).tables) {
        if (table.use == syntax::TableUse::Source) {
            const std::string name = sql.substr(table.place.begin, table.place.end - table.place.begin);
            const std::string rows = "(SELECT * FROM " + name + " WHERE (" + condition + "\n))";
            return sql.substr(0, table.place.begin) + rows + (table.alias ? "" : " AS " + name) +
                   sql.substr(table.place.end);
        }
    }
    return sql;
}

// A connector stores columns that no file declares, and keys and pipes may name them.
Datasource as_stored(Datasource datasource) {
    for (model::Column& column : codec::connector_columns(datasource)) {
        datasource.columns.push_back(std::move(column));
    }
    return datasource;
}

} // namespace

bool is_materialized(const Pipe& pipe) {
    const model::Node* node = model::published_node(pipe);
    return node != nullptr && node->type == model::NodeType::Materialized;
}

bool same_table(const Datasource& a, const Datasource& b) {
    return target::create_table(as_stored(a), "d", "t") == target::create_table(as_stored(b), "d", "t");
}

std::string TableMaker::table(std::string_view name) const { return target::qualified_name(database_, name); }

Result<void> TableMaker::make_table(const Datasource& datasource, std::string_view name) {
    return channel_.execute(target::create_table(as_stored(datasource), database_, name));
}

// The SQL of a view names its tables without a database.
Result<void> TableMaker::make_view(const Pipe& pipe, Diagnostics& problems) {
    const std::optional<codec::MappedSql> query =
        codec::compose_materialized(content_.project, pipe, problems);
    if (!query) {
        return {};
    }
    TRY(channel_.execute("USE " + target::identifier(database_)));
    return channel_.execute(
        target::create_materialized_view(pipe.name, pipe.target_datasource, query->sql, database_));
}

Result<void> TableMaker::make_views(std::span<const Datasource* const> added) {
    Diagnostics none; // the trial found nothing
    for (const Pipe& pipe : content_.project.pipes) {
        if (!is_materialized(pipe)) {
            continue;
        }
        TRY(make_view(pipe, none));
        const Datasource* target = model::find_datasource(content_.project, pipe.target_datasource);
        const bool is_new = std::find(added.begin(), added.end(), target) != added.end();
        if (is_new && !target->backfill_skip) {
            TRY(fill_target(pipe, *target));
        }
    }
    return {};
}

Result<void> TableMaker::fill_target(const Pipe& pipe, const Datasource& target, const Filling& filling) {
    Diagnostics none;
    const std::optional<codec::MappedSql> query = codec::compose_materialized(content_.project, pipe, none);
    if (!query) {
        return {};
    }
    TRY(channel_.execute("USE " + target::identifier(database_)));
    const std::string sql =
        filling.condition.empty() ? query->sql : with_condition(query->sql, filling.condition);
    std::string columns;
    TRY_ASSIGN(const target::QueryResult names, channel_.query("DESCRIBE (\n" + sql + "\n)", "TSV", {}));
    for (const std::vector<std::string>& row : target::parse_tsv(names.bytes)) {
        columns += (columns.empty() ? "" : ", ") + target::identifier(row.front());
    }
    return channel_.execute(filling.mark + "INSERT INTO " + table(target.name) + " (" + columns +
                            ") SELECT " + columns + " FROM (\n" + sql + "\n)" + filling.settings);
}

Result<void> TableMaker::convert_rows(const Datasource& old, const std::string& from,
                                      const Datasource& datasource, const std::string& into) {
    if (trim(datasource.forward_query).empty()) {
        return copy_columns(old, from, datasource, into);
    }
    std::string columns;
    for (const model::Column& column : datasource.columns) {
        columns += (columns.empty() ? "" : ", ") + target::identifier(column.name);
    }
    return channel_.execute("INSERT INTO " + into + " SELECT " + columns + " FROM (" +
                            datasource.forward_query + " FROM " + from + ")");
}

Result<void> TableMaker::copy_columns(const Datasource& old, const std::string& from,
                                      const Datasource& datasource, const std::string& into) {
    std::string columns;
    for (const model::Column& column : datasource.columns) {
        if (model::find_column(old, column.name) != nullptr && !column.materialized) {
            columns += (columns.empty() ? "" : ", ") + target::identifier(column.name);
        }
    }
    return columns.empty() ? Result<void>()
                           : channel_.execute("INSERT INTO " + into + " (" + columns + ") SELECT " + columns +
                                              " FROM " + from);
}

} // namespace birdhouse::server
