#include "server/table_replacement.hpp"

#include "target/sql_text.hpp"

namespace birdhouse::server {

ApiStatus replace_table(const std::string& database, const std::string& table, target::SqlChannel& engine,
                        const std::function<ApiStatus(const std::string&)>& fill) {
    const std::string beside = table + " replacement"; // no resource is called so
    const std::string old_name = target::qualified_name(database, table);
    const std::string new_name = target::qualified_name(database, beside);
    TRY(engine.execute("DROP TABLE IF EXISTS " + new_name));
    TRY(engine.execute("CREATE TABLE " + new_name + " AS " + old_name));
    ApiStatus filled = fill(beside);
    const Result<void> exchanged =
        filled ? engine.execute("EXCHANGE TABLES " + new_name + " AND " + old_name) : Result<void>();
    const Result<void> dropped = engine.execute("DROP TABLE IF EXISTS " + new_name);
    TRY(exchanged);
    TRY(dropped);
    return filled;
}

} // namespace birdhouse::server
