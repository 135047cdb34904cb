// A pipe as one SELECT: every node and pipe that a query names in a table position becomes a subquery in its
// place, until only tables are left. Duplicated for each use, as Tinybird does; not common table expressions,
// whose names would hide the tables the nodes read.
#pragma once

#include "base/diagnostic.hpp"
#include "codec/mapped_sql.hpp"
#include "model/project.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::codec {

// The engine reads no more of a statement unless it is told to.
inline constexpr std::size_t kLongestQuery = 262'144;
inline constexpr std::size_t kDeepestPipes = 100; // nodes that read nodes

// A node's SQL, its template rendered. Reports why when there is none.
using NodeRenderer = std::function<std::optional<MappedSql>(const model::Node&, Diagnostics&)>;

struct ComposeOptions {
    // Qualifies the names of tables; left bare when empty.
    std::string database;
    // Is there such a table? Asked for quarantine tables, which begin to exist with their first row. All
    // exist when nobody can be asked.
    std::function<bool(std::string_view)> table_exists;
    // An expression over the rows of a table: whatever reads it sees only those for which it holds. Empty, or
    // nobody asked: all of them.
    std::function<std::string(std::string_view)> row_filter = {};
};

// The SELECT that gives the node's rows; nothing when a problem was reported.
std::optional<MappedSql> compose_query(const model::Project& project, const model::Pipe& pipe,
                                       const model::Node& node, const NodeRenderer& render,
                                       const ComposeOptions& options, Diagnostics& diagnostics);

// The SELECT of a materialised pipe, for CREATE MATERIALIZED VIEW: names are bare, and a template is refused,
// since nobody gives parameters to a view.
std::optional<MappedSql> compose_materialized(const model::Project& project, const model::Pipe& pipe,
                                              Diagnostics& diagnostics);

// A node is a template when its SQL begins with `%`.
bool is_template(const model::Node& node);

} // namespace birdhouse::codec
