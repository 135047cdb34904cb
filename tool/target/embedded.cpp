#include "target/embedded.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <array>
#include <vector>

namespace birdhouse::target {

namespace {

// The same statements give the same tables and rows on every machine and at every run, and the engine leaves
// room for whoever else works on the machine.
std::array<engine::Setting, 8> common_settings() {
    return {{
        {"mutations_sync", "1"}, // an ALTER is over when it returns, or has failed
        {"alter_sync", "1"},
        {"async_insert", "0"}, // on by default since 26: rows would show up some time later
        {"date_time_input_format", "best_effort"}, // events carry ISO 8601
        // A write that fails half-way on a full disk is not told by the engine: it must not come to it.
        {"min_free_disk_bytes_to_perform_insert", "33554432"},
        {"session_timezone", "UTC"}, // a DateTime without a zone is not the developer's local time
        // Of the engine as a whole, which takes them from its first connection. By itself it removes merged
        // parts in 128 threads, which stay, each with memory that it has freed; and it keeps 100 MB of which
        // marks of which part met which condition. Both grow for hours under inserts and queries.
        {"max_parts_cleaning_thread_pool_size", "2"},
        {"query_condition_cache_size", "1048576"}, // bytes
    }};
}

// Of statements that come from outside: what the service's plans allow, and nothing that writes.
std::vector<engine::Setting> guarded_settings() {
    const auto all = common_settings();
    std::vector<engine::Setting> settings(all.begin(), all.end());
    settings.insert(settings.end(), {{"output_format_json_quote_64bit_integers", "0"},
                                     {"output_format_json_quote_denormals", "0"},
                                     {"output_format_json_validate_utf8", "1"},
                                     {"print_pretty_type_names", "0"},
                                     {"joined_subquery_requires_alias", "0"},
                                     {"max_execution_time", "10"},
                                     {"max_memory_usage", "4000000000"},
                                     {"max_result_bytes", "100000000"},
                                     {"max_ast_depth", "1000"},
                                     {"readonly", "2"}}); // 1 would refuse the settings that pipes may give
    return settings;
}

Result<engine::Connection> connect(const std::shared_ptr<engine::Library>& library,
                                   const engine::Storage& storage) {
    return engine::Connection::open(library, storage, common_settings());
}

Error incomplete(const model::TargetSettings& settings, std::string_view field) {
    return Error{ExitCode::Usage,
                 "the target " + backquoted(settings.name) + " has no `" + std::string(field) + "`",
                 "give it one in birdhouse.yaml"};
}

} // namespace

Result<QueryResult> EmbeddedChannel::query(std::string_view sql, std::string_view format,
                                           std::span<const Parameter> parameters) {
    std::vector<engine::Binding> bindings;
    bindings.reserve(parameters.size());
    for (const Parameter& parameter : parameters) {
        bindings.push_back({parameter.name, parameter.value});
    }
    TRY_ASSIGN(engine::Answer answer, connection_.query(sql, format, bindings));
    return QueryResult{std::move(answer.bytes), answer.elapsed_seconds, answer.rows_read, answer.bytes_read};
}

Result<std::uint64_t> EmbeddedChannel::insert(std::string_view sql, std::string_view format,
                                              std::string_view bytes) {
    return connection_.insert(sql, format, bytes);
}

std::filesystem::path storage_folder(const model::TargetSettings& settings,
                                     const std::filesystem::path& project_folder) {
    return (project_folder / settings.path).lexically_normal();
}

Result<std::unique_ptr<SqlTarget>> open_embedded(const std::shared_ptr<engine::Library>& library,
                                                 const model::TargetSettings& settings,
                                                 const std::filesystem::path& project_folder) {
    if (settings.path.empty()) {
        return incomplete(settings, "path");
    }
    if (settings.database.empty()) {
        return incomplete(settings, "database");
    }
    TRY_ASSIGN(engine::Connection connection, connect(library, {storage_folder(settings, project_folder)}));
    auto target = std::make_unique<EmbeddedTarget>(settings.name, settings.database, std::move(connection));
    const std::string database = identifier(settings.database);
    TRY(target->channel().execute("CREATE DATABASE IF NOT EXISTS " + database));
    TRY(target->channel().execute("USE " + database));
    return std::unique_ptr<SqlTarget>(std::move(target));
}

Result<std::unique_ptr<SqlChannel>> open_scratch(const std::shared_ptr<engine::Library>& library) {
    TRY_ASSIGN(engine::Connection connection, connect(library, {}));
    return std::unique_ptr<SqlChannel>(std::make_unique<EmbeddedChannel>(std::move(connection)));
}

Result<std::unique_ptr<SqlChannel>> open_channel(const std::shared_ptr<engine::Library>& library,
                                                 const std::filesystem::path& storage, ChannelUse use) {
    const engine::Storage place{storage};
    if (use == ChannelUse::ReadAndWrite) {
        TRY_ASSIGN(engine::Connection connection, connect(library, place));
        return std::unique_ptr<SqlChannel>(std::make_unique<EmbeddedChannel>(std::move(connection)));
    }
    TRY_ASSIGN(engine::Connection connection, engine::Connection::open(library, place, guarded_settings()));
    return std::unique_ptr<SqlChannel>(std::make_unique<EmbeddedChannel>(std::move(connection)));
}

Result<std::string> engine_version(const std::shared_ptr<engine::Library>& library) {
    TRY_ASSIGN(const std::unique_ptr<SqlChannel> scratch, open_scratch(library));
    TRY_ASSIGN(const QueryResult version, scratch->query("SELECT version()", "TSV", {}));
    return std::string(trim(version.bytes));
}

} // namespace birdhouse::target
