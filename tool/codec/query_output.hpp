// What a query returns, as far as its text alone tells: the names of its columns, what it groups by, how it
// orders and limits. The engine's analyzer knows more, and is not always there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

struct QueryOutput {
    // In order. Nothing when a `*` or the like stands among them.
    std::optional<std::vector<std::string>> columns;
    std::string group_by; // without layout; empty when there is none
    // GROUP BY with what aliases and positions stand for: as text, and by the functions that round alone,
    // which are the same when a column only has another name.
    std::string grain;
    std::string grain_shape;
    std::string order; // ORDER BY, LIMIT, OFFSET
    friend bool operator==(const QueryOutput&, const QueryOutput&) = default;
};

// Of the outermost SELECT; the first one of a UNION names the columns.
QueryOutput read_output(std::string_view sql);

} // namespace birdhouse::codec
