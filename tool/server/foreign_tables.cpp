#include "server/foreign_tables.hpp"

#include "base/text.hpp"
#include "codec/query_rules.hpp"

namespace birdhouse::server {

namespace {

constexpr std::string_view kService = "tinybird"; // what the service tells of the workspace itself

std::string full_name(const syntax::SqlTable& table) {
    return printable(table.database.empty() ? table.name : table.database + "." + table.name);
}

} // namespace

ApiStatus refuse_foreign_tables(const syntax::SqlOutline& outline) {
    for (const syntax::SqlTable& table : outline.tables) {
        const bool is_open =
            table.database.empty() || table.database == kService || codec::is_system_database(table.database);
        if (!is_open) {
            return ApiError{403, "the table `" + full_name(table) +
                                     "` is not one of the workspace; its own are named without a database"};
        }
    }
    return Done{};
}

ApiStatus refuse_tables(std::string_view sql) {
    const syntax::SqlOutline outline = syntax::outline_sql(sql);
    if (!outline.tables.empty()) {
        return ApiError{400, "a FORWARD_QUERY reads its own datasource, not `" +
                                 full_name(outline.tables.front()) + "`"};
    }
    if (!outline.table_functions.empty()) {
        return ApiError{400, "a FORWARD_QUERY reads its own datasource, not the function `" +
                                 printable(outline.table_functions.front().name) + "`"};
    }
    return Done{};
}

} // namespace birdhouse::server
