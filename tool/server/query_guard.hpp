// What a query may name and set in this server, beyond the rules that hold for pipes anywhere: the databases
// of other workspaces are in the same engine, and the limits of a query are settings of its connection.
#pragma once

#include "server/api_result.hpp"
#include "syntax/sql_outline.hpp"

#include <cstdint>
#include <string_view>

namespace birdhouse::server {

enum class QueryOrigin : std::uint8_t {
    Request, // its limits can only be lowered
    Pipe,    // let in by a build: it may have more, but never none
};

ApiStatus guard_query(std::string_view sql, const syntax::SqlOutline& outline, QueryOrigin origin);

} // namespace birdhouse::server
