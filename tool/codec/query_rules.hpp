// What the SQL of a pipe may hold. Pipes read: they change nothing, leave the workspace by no table function,
// and see no more of the system than Tinybird shows.
#pragma once

#include "base/diagnostic.hpp"
#include "codec/mapped_sql.hpp"
#include "syntax/sql_outline.hpp"

#include <string_view>

namespace birdhouse::codec {

// Reports each thing in the outline that a pipe may not hold, at its place in `text` or, failing that, at the
// node. True when there is none.
bool check_query_rules(const syntax::SqlOutline& outline, const MappedSql& text, Span node,
                       Diagnostics& diagnostics);

// True for `system` and the standard's INFORMATION_SCHEMA.
bool is_system_database(std::string_view database);

} // namespace birdhouse::codec
