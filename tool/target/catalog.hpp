// What a database holds, as the engine itself prints it: one printer for both sides of a comparison, so that
// `INT` and `Int32` or two ways to write an interval are no difference. Nothing here names the database, so
// that the catalogs of two databases can be compared.
#pragma once

#include "base/result.hpp"
#include "target/channel.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

struct ColumnState {
    std::string name;
    std::string type;
    std::string default_kind; // DEFAULT, MATERIALIZED, ALIAS, EPHEMERAL; empty without one
    std::string default_expression;
    std::string codec; // "ZSTD(3)"
    std::string comment;
    friend bool operator==(const ColumnState&, const ColumnState&) = default;
};

struct IndexState {
    std::string name;
    std::string expression;
    std::string type; // "bloom_filter(0.01)"
    std::string granularity;
    friend bool operator==(const IndexState&, const IndexState&) = default;
};

// Tells one table from another of the same name and shape. All identities compare equal.
struct TableIdentity {
    std::string uuid;
    friend bool operator==(const TableIdentity&, const TableIdentity&) { return true; }
};

struct TableState {
    std::string name;
    std::string engine; // with its arguments: "ReplacingMergeTree(ts)", "MaterializedView"
    std::string partition_key;
    std::string sorting_key; // keys are comma lists without parentheses round the whole
    std::string primary_key;
    std::string sampling_key;
    std::string ttl;
    std::vector<std::string> settings; // "index_granularity = 8192", sorted
    std::vector<ColumnState> columns;  // in the table's order
    std::vector<IndexState> indexes;   // by name
    std::string select;                // of a view
    std::string view_target;           // the table a materialised view writes to
    std::string comment;
    TableIdentity identity;
    friend bool operator==(const TableState&, const TableState&) = default;
};

struct Catalog {
    std::vector<TableState> tables; // by name; a materialised view's inner table is part of the view
    friend bool operator==(const Catalog&, const Catalog&) = default;
};

const TableState* find_table(const Catalog& catalog, std::string_view name);

Result<Catalog> read_catalog(SqlChannel& channel, std::string_view database);

// One of them; nothing when it does not exist. What a run looks at before each statement.
Result<std::optional<TableState>> read_table(SqlChannel& channel, std::string_view database,
                                             std::string_view name);

// `left` or `right` is empty where that side has nothing: a column it lacks, a TTL that is not set.
struct FieldDifference {
    std::string field; // "sorting key", "column `id`", "type of column `id`", "order of columns"
    std::string left;
    std::string right;
    friend bool operator==(const FieldDifference&, const FieldDifference&) = default;
};

// Empty when the two are equal. The names of the tables are not compared.
std::vector<FieldDifference> compare(const TableState& left, const TableState& right);

} // namespace birdhouse::target
