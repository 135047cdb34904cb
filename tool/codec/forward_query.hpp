// FORWARD_QUERY, the SELECT list by which Forward writes the rows of a datasource again: written for a
// change, and held against one. Pure; Forward itself, and what else it does, is the plan's business.
#pragma once

#include "model/datasource.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace birdhouse::codec {

struct ForwardQuery {
    std::string sql; // names every column of the later state once, in its order; no FROM
    // Columns of the later state: whose values may change on the way, and that no expression can make of what
    // is stored (an aggregate state of another function). With one of these there is no `sql`.
    std::vector<std::string> lossy;
    std::vector<std::string> impossible;
};

// From the rows of `before` to the columns of `after`. Renames are those that `after` declares.
ForwardQuery make_forward_query(const model::Datasource& before, const model::Datasource& after);

enum class ForwardQueryFault : std::uint8_t {
    Missing,    // a column is converted or renamed, and nothing says how
    Incomplete, // columns of the new schema that it does not name, or names twice
    Foreign,    // columns that it names and the new schema has not
    Stale,      // it is that of an earlier deployment, and the columns have changed since
};

struct ForwardQueryProblem {
    ForwardQueryFault fault = ForwardQueryFault::Missing;
    std::vector<std::string> columns; // by which it shows
    friend bool operator==(const ForwardQueryProblem&, const ForwardQueryProblem&) = default;
};

// Columns that Forward does not convert by itself: it refuses a deployment that has no FORWARD_QUERY for
// them.
std::vector<std::string> columns_to_convert(const model::Datasource& before, const model::Datasource& after);

// What is wrong with the FORWARD_QUERY of `after` for a deployment over `before`. One that selects `*` is
// taken to name every column.
std::vector<ForwardQueryProblem> check_forward_query(const model::Datasource& before,
                                                     const model::Datasource& after);

} // namespace birdhouse::codec
