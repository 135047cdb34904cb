#include "codec/service_tables.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace birdhouse::codec {

namespace {

struct KnownColumn {
    std::string_view name;
    std::string_view type;
};

constexpr auto kPipeStatsRt = std::to_array<KnownColumn>({
    {"start_datetime", "DateTime"},
    {"pipe_id", "String"},
    {"pipe_name", "String"},
    {"duration", "Float64"},
    {"read_bytes", "UInt64"},
    {"read_rows", "UInt64"},
    {"result_rows", "UInt64"},
    {"url", "Nullable(String)"},
    {"error", "UInt8"},
    {"request_id", "String"},
    {"token", "String"},
    {"token_name", "String"},
    {"status_code", "Int32"},
    {"method", "String"},
    {"parameters", "Map(String, String)"},
    {"release", "String"},
    {"user_agent", "Nullable(String)"},
    {"resource_tags", "Array(String)"},
    {"cpu_time", "Float64"},
});

constexpr auto kPipeStats = std::to_array<KnownColumn>({
    {"date", "Date"},
    {"pipe_id", "String"},
    {"pipe_name", "String"},
    {"view_count", "UInt64"},
    {"error_count", "UInt64"},
    {"avg_duration_state", "AggregateFunction(avg, Float32)"},
    {"quantile_timing_state", "AggregateFunction(quantilesTiming(0.9, 0.95, 0.99), Float64)"},
    {"read_bytes_sum", "UInt64"},
    {"read_rows_sum", "UInt64"},
    {"resource_tags", "Array(String)"},
});

constexpr auto kDatasourcesOpsLog = std::to_array<KnownColumn>({
    {"timestamp", "DateTime"},
    {"event_type", "String"},
    {"datasource_id", "String"},
    {"datasource_name", "String"},
    {"result", "String"},
    {"elapsed_time", "Float64"},
    {"error", "Nullable(String)"},
    {"request_id", "String"},
    {"import_id", "Nullable(String)"},
    {"job_id", "Nullable(String)"},
    {"rows", "Nullable(UInt64)"},
    {"rows_quarantine", "Nullable(UInt64)"},
    {"blocks_ids", "Array(String)"},
    {"Options.Names", "Array(String)"},
    {"Options.Values", "Array(String)"},
    {"operation_id", "String"},
    {"read_rows", "UInt64"},
    {"read_bytes", "UInt64"},
    {"written_rows", "UInt64"},
    {"written_bytes", "UInt64"},
    {"written_rows_quarantine", "UInt64"},
    {"written_bytes_quarantine", "UInt64"},
    {"pipe_id", "String"},
    {"pipe_name", "String"},
    {"release", "String"},
    {"resource_tags", "Array(String)"},
    {"cpu_time", "Float64"},
});

constexpr auto kJobsLog = std::to_array<KnownColumn>({
    {"job_id", "String"},
    {"job_type", "String"},
    {"workspace_id", "String"},
    {"pipe_id", "String"},
    {"pipe_name", "String"},
    {"datasource_id", "String"},
    {"request_id", "String"},
    {"created_at", "DateTime64(6)"},
    {"updated_at", "DateTime64(6)"},
    {"started_at", "DateTime64(6)"},
    {"status", "String"},
    {"error", "Nullable(String)"},
    {"job_metadata", "String"},
});

constexpr auto kEndpointErrors = std::to_array<KnownColumn>({
    {"start_datetime", "DateTime"},
    {"request_id", "String"},
    {"pipe_id", "String"},
    {"pipe_name", "String"},
    {"params", "Nullable(String)"},
    {"url", "Nullable(String)"},
    {"status_code", "Nullable(Int32)"},
    {"error", "Nullable(String)"},
});

constexpr auto kBlockLog = std::to_array<KnownColumn>({
    {"timestamp", "DateTime"},
    {"import_id", "String"},
    {"job_id", "Nullable(String)"},
    {"request_id", "String"},
    {"source", "String"},
    {"block_id", "String"},
    {"status", "String"},
    {"datasource_id", "String"},
    {"datasource_name", "String"},
    {"start_offset", "Nullable(Int64)"},
    {"end_offset", "Nullable(Int64)"},
    {"rows", "Nullable(Int32)"},
    {"parser", "Nullable(String)"},
    {"quarantine_lines", "Nullable(UInt32)"},
    {"empty_lines", "Nullable(UInt32)"},
    {"bytes", "Nullable(UInt32)"},
    {"processing_time", "Nullable(Float32)"},
    {"processing_error", "Nullable(String)"},
});

constexpr auto kKafkaOpsLog = std::to_array<KnownColumn>({
    {"timestamp", "DateTime"},
    {"datasource_id", "String"},
    {"topic", "String"},
    {"partition", "Int16"},
    {"msg_type", "String"},
    {"lag", "Int64"},
    {"processed_messages", "Int32"},
    {"processed_bytes", "Int32"},
    {"committed_messages", "Int32"},
    {"msg", "String"},
});

constexpr auto kDatasourcesStorage = std::to_array<KnownColumn>({
    {"datasource_id", "String"},
    {"datasource_name", "String"},
    {"timestamp", "DateTime"},
    {"bytes", "UInt64"},
    {"rows", "UInt64"},
    {"bytes_quarantine", "UInt64"},
    {"rows_quarantine", "UInt64"},
});

constexpr auto kSinksOpsLog = std::to_array<KnownColumn>({
    {"timestamp", "DateTime64(3)"},
    {"service", "LowCardinality(String)"},
    {"pipe_id", "String"},
    {"pipe_name", "String"},
    {"token_name", "String"},
    {"result", "LowCardinality(String)"},
    {"error", "Nullable(String)"},
    {"elapsed_time", "Float64"},
    {"job_id", "Nullable(String)"},
    {"read_rows", "UInt64"},
    {"written_rows", "UInt64"},
    {"read_bytes", "UInt64"},
    {"written_bytes", "UInt64"},
    {"output", "Array(String)"},
    {"parameters", "Map(String, String)"},
    {"options", "Map(String, String)"},
});

struct KnownTable {
    std::string_view name;
    std::span<const KnownColumn> columns;
};
constexpr auto kTables = std::to_array<KnownTable>({
    {"block_log", kBlockLog},
    {"datasources_ops_log", kDatasourcesOpsLog},
    {"datasources_storage", kDatasourcesStorage},
    {"endpoint_errors", kEndpointErrors},
    {"jobs_log", kJobsLog},
    {"kafka_ops_log", kKafkaOpsLog},
    {"pipe_stats", kPipeStats},
    {"pipe_stats_rt", kPipeStatsRt},
    {"sinks_ops_log", kSinksOpsLog},
});

// The same of every workspace of an organization, with one column more.
constexpr std::string_view kOrganization = "organization";
constexpr KnownColumn kWorkspace = {"workspace_id", "String"};

constexpr auto kKafkaColumns = std::to_array<KnownColumn>({
    {"__topic", "LowCardinality(String)"},
    {"__partition", "Int16"},
    {"__offset", "Int64"},
    {"__timestamp", "DateTime"},
    {"__key", "String"},
    {"__value", "String"},
});
constexpr KnownColumn kKafkaHeaders = {"__headers", "Map(String, String)"};

constexpr auto kDynamoColumns = std::to_array<KnownColumn>({
    {"_record", "Nullable(String)"},
    {"_old_record", "Nullable(String)"},
    {"_timestamp", "DateTime64(3)"},
    {"_event_type", "LowCardinality(String)"},
    {"_is_deleted", "UInt8"},
});

model::Column column_of(const KnownColumn& known) {
    model::Column column;
    column.name = known.name;
    column.type = known.type;
    return column;
}

model::Datasource table_of(const KnownTable& known, std::string_view database) {
    model::Datasource table;
    table.name = known.name;
    table.engine.kind = "Null";
    std::transform(known.columns.begin(), known.columns.end(), std::back_inserter(table.columns), column_of);
    if (database == kOrganization && model::find_column(table, kWorkspace.name) == nullptr) {
        table.columns.push_back(column_of(kWorkspace));
    }
    return table;
}

const model::Setting* find_setting(const model::Datasource& datasource, std::string_view name) {
    const auto found =
        std::find_if(datasource.connector_settings.begin(), datasource.connector_settings.end(),
                     [&](const model::Setting& setting) { return setting.name == name; });
    return found == datasource.connector_settings.end() ? nullptr : &*found;
}

} // namespace

std::optional<model::Datasource> service_table(std::string_view database, std::string_view name) {
    const auto* const known = std::find_if(kTables.begin(), kTables.end(),
                                           [&](const KnownTable& table) { return table.name == name; });
    return is_service_database(database) && known != kTables.end() ? std::optional(table_of(*known, database))
                                                                   : std::nullopt;
}

std::vector<model::Datasource> service_tables(std::string_view database) {
    std::vector<model::Datasource> tables;
    if (is_service_database(database)) {
        std::transform(kTables.begin(), kTables.end(), std::back_inserter(tables),
                       [&](const KnownTable& known) { return table_of(known, database); });
    }
    return tables;
}

bool is_service_database(std::string_view database) {
    return database == "tinybird" || database == kOrganization;
}

std::vector<model::Column> connector_columns(const model::Datasource& datasource) {
    std::vector<model::Column> columns;
    const auto add = [&](const KnownColumn& known) {
        if (model::find_column(datasource, known.name) == nullptr) {
            columns.push_back(column_of(known));
        }
    };
    if (find_setting(datasource, "KAFKA_TOPIC") != nullptr) {
        std::for_each(kKafkaColumns.begin(), kKafkaColumns.end(), add);
        const model::Setting* headers = find_setting(datasource, "KAFKA_STORE_HEADERS");
        if (headers != nullptr && to_lower_ascii(headers->value) == "true") {
            add(kKafkaHeaders);
        }
    }
    if (find_setting(datasource, "IMPORT_TABLE_ARN") != nullptr) {
        std::for_each(kDynamoColumns.begin(), kDynamoColumns.end(), add);
    }
    return columns;
}

} // namespace birdhouse::codec
