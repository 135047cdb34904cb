#include "ops/quarantine.hpp"

#include "target/sql_text.hpp"

namespace birdhouse::ops {

std::string quarantine_name(const std::string& datasource) { return datasource + "_quarantine"; }

Result<void> ensure_quarantine(target::SqlTarget& target, const events::EventSchema& schema) {
    const std::string table = target::qualified_name(target.database(), quarantine_name(schema.datasource()));
    TRY(target.channel().execute(
        "CREATE TABLE IF NOT EXISTS " + table +
        " (c__error_column Array(String), c__error Array(String),"
        " c__import_id Nullable(String), insertion_date DateTime)"
        " ENGINE = MergeTree ORDER BY insertion_date TTL insertion_date + INTERVAL 30 DAY"));
    std::string alter = "ALTER TABLE " + table;
    std::string after = "c__import_id";
    std::string_view separator = " ";
    for (const std::string& column : schema.table_columns()) {
        alter += separator;
        alter += "ADD COLUMN IF NOT EXISTS " + target::identifier(column) + " Nullable(String) AFTER " +
                 target::identifier(after);
        after = column;
        separator = ", ";
    }
    return schema.table_columns().empty() ? Result<void>() : target.channel().execute(alter);
}

} // namespace birdhouse::ops
