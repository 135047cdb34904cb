// Whose tables SQL of a workspace may name. All workspaces of a server are databases of one engine, and an
// engine asks no token: what is not resolved to the workspace is refused before it is run.
#pragma once

#include "server/api_result.hpp"
#include "syntax/sql_outline.hpp"

#include <string_view>

namespace birdhouse::server {

// Refuses with 403 a table that is named with its database, other than those of `tinybird` and `system`; of
// the latter codec/query_rules.hpp leaves the harmless ones.
ApiStatus refuse_foreign_tables(const syntax::SqlOutline& outline);

// Refuses SQL that names any table: a FORWARD_QUERY reads the rows of its datasource and nothing else.
ApiStatus refuse_tables(std::string_view sql);

} // namespace birdhouse::server
