#include "target/catalog.hpp"

#include "base/text.hpp"
#include "syntax/sql_scan.hpp"
#include "target/engine_clause.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

namespace birdhouse::target {

namespace {

// Inner tables of materialised views carry the view's uuid in their name, so no two databases have the same.
constexpr std::string_view kInnerPrefix = ".inner";
constexpr std::string_view kCodecWord = "CODEC"; // system.columns prints it, round the codec itself

struct CatalogQuery {
    std::string_view select; // up to its conditions
    std::string_view table;  // the column that names the table
    std::string_view order;
    std::size_t fields; // in each row of the answer
};
constexpr CatalogQuery kTables{R"(
SELECT name, engine, engine_full, partition_key, sorting_key, primary_key, sampling_key,
       as_select, target_table, comment, toString(uuid)
FROM system.tables WHERE database = {database:String} AND NOT is_temporary)",
                               "name", "name", 11};
constexpr CatalogQuery kColumns{R"(
SELECT table, name, type, default_kind, default_expression, compression_codec, comment
FROM system.columns WHERE database = {database:String})",
                                "table", "table, position", 7};
// The engine makes `auto_minmax_index_...` by itself when a setting asks for them.
constexpr CatalogQuery kIndexes{R"(
SELECT table, name, expr, type_full, toString(granularity)
FROM system.data_skipping_indices
WHERE database = {database:String} AND NOT startsWith(name, 'auto_minmax_index_'))",
                                "table", "table, name", 5};
constexpr CatalogQuery kNames{
    "SELECT name FROM system.tables WHERE database = {database:String} AND NOT is_temporary", "name", "name",
    1};

using Row = std::vector<std::string>;

// `table`: of that one alone; of all when it is empty.
Result<std::vector<Row>> rows_of(SqlChannel& channel, const CatalogQuery& query, std::string_view database,
                                 std::string_view table) {
    std::vector<Parameter> parameters = {{"database", escape_tsv(database)}};
    std::string sql(query.select);
    if (!table.empty()) {
        sql += " AND " + std::string(query.table) + " = {table:String}";
        parameters.push_back({"table", escape_tsv(table)});
    }
    sql += " ORDER BY " + std::string(query.order);
    TRY_ASSIGN(const QueryResult result, channel.query(sql, "TSV", parameters));
    std::vector<Row> rows = parse_tsv(result.bytes);
    if (std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.size() != query.fields; })) {
        return Error{ExitCode::Failed, "the engine describes its tables in a way that is not known here", {}};
    }
    return rows;
}

std::string key(std::string_view text) { return std::string(syntax::without_outer_parentheses(text)); }

std::string without_codec_word(std::string_view text) {
    return key(text.starts_with(kCodecWord) ? text.substr(kCodecWord.size()) : text);
}

TableState table_from(const Row& row) {
    EngineClause clause = parse_engine_clause(row[2]);
    TableState table;
    table.name = row[0];
    table.engine = clause.engine.empty() ? row[1] : clause.engine; // views have no engine clause
    table.partition_key = key(row[3]);
    table.sorting_key = key(row[4]);
    table.primary_key = key(row[5]);
    table.sampling_key = key(row[6]);
    table.ttl = std::move(clause.ttl);
    table.settings = std::move(clause.settings);
    table.select = row[7];
    table.view_target = row[8].starts_with(kInnerPrefix) ? std::string() : row[8];
    table.comment = row[9];
    table.identity.uuid = row[10];
    return table;
}

// The table a row belongs to; null for the inner table of a view.
TableState* owner(std::vector<TableState>& tables, const std::string& name) {
    const auto found =
        std::lower_bound(tables.begin(), tables.end(), name,
                         [](const TableState& table, const std::string& n) { return table.name < n; });
    return found != tables.end() && found->name == name ? &*found : nullptr;
}

// All tables of the database, or the one that is named, with the database still before the names in views.
Result<std::vector<TableState>> read_tables(SqlChannel& channel, std::string_view database,
                                            std::string_view name) {
    TRY_ASSIGN(const std::vector<Row> found, rows_of(channel, kTables, database, name));
    std::vector<TableState> tables;
    for (const Row& row : found) {
        if (!row[0].starts_with(kInnerPrefix)) {
            tables.push_back(table_from(row));
        }
    }
    if (tables.empty()) {
        return tables;
    }
    TRY_ASSIGN(const std::vector<Row> columns, rows_of(channel, kColumns, database, name));
    TRY_ASSIGN(const std::vector<Row> indexes, rows_of(channel, kIndexes, database, name));
    for (const Row& row : columns) {
        if (TableState* table = owner(tables, row[0]); table != nullptr) {
            table->columns.push_back({row[1], row[2], row[3], row[4], without_codec_word(row[5]), row[6]});
        }
    }
    for (const Row& row : indexes) {
        if (TableState* table = owner(tables, row[0]); table != nullptr) {
            table->indexes.push_back({row[1], row[2], row[3], row[4]});
        }
    }
    return tables;
}

} // namespace

const TableState* find_table(const Catalog& catalog, std::string_view name) {
    const auto found = std::find_if(catalog.tables.begin(), catalog.tables.end(),
                                    [&](const TableState& table) { return table.name == name; });
    return found == catalog.tables.end() ? nullptr : &*found;
}

Result<Catalog> read_catalog(SqlChannel& channel, std::string_view database) {
    TRY_ASSIGN(std::vector<TableState> tables, read_tables(channel, database, ""));
    std::set<std::string, std::less<>> names;
    for (const TableState& table : tables) {
        names.insert(table.name);
    }
    for (TableState& table : tables) {
        table.select = without_database(table.select, database, names);
    }
    return Catalog{std::move(tables)};
}

Result<std::optional<TableState>> read_table(SqlChannel& channel, std::string_view database,
                                             std::string_view name) {
    TRY_ASSIGN(std::vector<TableState> tables, read_tables(channel, database, name));
    if (tables.empty()) {
        return std::optional<TableState>();
    }
    TableState& table = tables.front();
    if (!table.select.empty()) {
        TRY_ASSIGN(const std::vector<Row> rows, rows_of(channel, kNames, database, ""));
        std::set<std::string, std::less<>> names;
        for (const Row& row : rows) {
            names.insert(row[0]);
        }
        table.select = without_database(table.select, database, names);
    }
    return std::optional<TableState>(std::move(table));
}

} // namespace birdhouse::target
