// Functions of ClickHouse that look beyond the rows of a query: at files, at other tables, at the server, at
// services in the network. An embedded engine runs them with the rights of its process, so SQL from outside
// may not name them.
#pragma once

#include "server/api_result.hpp"
#include "target/channel.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::server {

// The first one that `sql` calls, or could hand to another function (`arrayMap(file, paths)`) if no column is
// called so. Nothing when neither stands in it.
struct ClosedFunction {
    std::string name; // as it stands in the SQL
    bool is_call = true;
};
std::optional<ClosedFunction> find_closed_function(std::string_view sql);

// Refuses a query that uses one, with 403. A name that may be a column's is decided by the engine's analyzer.
ApiStatus refuse_closed_functions(std::string_view query, target::SqlChannel& engine);

} // namespace birdhouse::server
