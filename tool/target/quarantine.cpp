#include "target/quarantine.hpp"

#include "target/sql_text.hpp"

namespace birdhouse::target {

std::string quarantine_name(const std::string& datasource) { return datasource + "_quarantine"; }

Result<void> ensure_quarantine(SqlChannel& channel, std::string_view database,
                               const events::EventSchema& schema) {
    const std::string table = qualified_name(database, quarantine_name(schema.datasource()));
    TRY(channel.execute("CREATE TABLE IF NOT EXISTS " + table +
                        " (c__error_column Array(String), c__error Array(String),"
                        " c__import_id Nullable(String), insertion_date DateTime)"
                        " ENGINE = MergeTree ORDER BY insertion_date TTL insertion_date + INTERVAL 30 DAY"));
    std::string alter = "ALTER TABLE " + table;
    std::string after = "c__import_id";
    std::string_view separator = " ";
    for (const std::string& column : schema.table_columns()) {
        alter += separator;
        alter +=
            "ADD COLUMN IF NOT EXISTS " + identifier(column) + " Nullable(String) AFTER " + identifier(after);
        after = column;
        separator = ", ";
    }
    return schema.table_columns().empty() ? Result<void>() : channel.execute(alter);
}

} // namespace birdhouse::target
