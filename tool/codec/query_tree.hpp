// What `EXPLAIN QUERY TREE passes = 1` prints, read for one thing: which columns of which tables a query
// reads, and which of them each column of its result is made of. ClickHouse's analyzer has resolved every
// name then.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// Names as the engine prints them: `database.table`, and `payload.city` for a part of a column.
struct TableColumn {
    std::string table;
    std::string column;
    friend auto operator<=>(const TableColumn&, const TableColumn&) = default;
};

struct QueryColumns {
    // What each column of the result is computed from, by position. A column that only filters, groups or
    // orders is no part of it.
    std::vector<std::vector<TableColumn>> made_of;
    // All that is read anywhere in the query.
    std::vector<TableColumn> reads;
    friend bool operator==(const QueryColumns&, const QueryColumns&) = default;
};

inline constexpr std::size_t kLongestQueryTree = 16U << 20U; // bytes
inline constexpr std::size_t kDeepestQueryTree = 1000;       // lines inside each other

// A query that takes all columns of a `transparent` table reads those that are taken from it in turn. Nothing
// for a text that is no query tree, or one beyond the limits. Lists are sorted and hold nothing twice.
std::optional<QueryColumns> read_query_tree(std::string_view text,
                                            const std::function<bool(std::string_view)>& transparent);

} // namespace birdhouse::codec
