#include "target/embedded.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <array>
#include <vector>

namespace birdhouse::target {

namespace {

// The same statements give the same tables and rows on every machine and at every run.
std::array<engine::Setting, 5> deterministic_settings() {
    return {{
        {"mutations_sync", "1"}, // an ALTER is over when it returns, or has failed
        {"alter_sync", "1"},
        {"async_insert", "0"}, // on by default since 26: rows would show up some time later
        {"date_time_input_format", "best_effort"}, // events carry ISO 8601
        {"session_timezone", "UTC"}, // a DateTime without a zone is not the developer's local time
    }};
}

Result<engine::Connection> connect(const std::shared_ptr<engine::Library>& library,
                                   const engine::Storage& storage) {
    return engine::Connection::open(library, storage, deterministic_settings());
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

Result<std::string> engine_version(const std::shared_ptr<engine::Library>& library) {
    TRY_ASSIGN(const std::unique_ptr<SqlChannel> scratch, open_scratch(library));
    TRY_ASSIGN(const QueryResult version, scratch->query("SELECT version()", "TSV", {}));
    return std::string(trim(version.bytes));
}

} // namespace birdhouse::target
