#include "target/clickhouse.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <array>

namespace birdhouse::target {

namespace {

Result<std::string> password_of(const model::TargetSettings& settings, const Variable& variable) {
    if (settings.password_env.empty()) {
        return std::string();
    }
    const std::optional<std::string> password = variable(settings.password_env);
    if (!password) {
        return Error{ExitCode::Usage,
                     "the environment has no " + backquoted(settings.password_env) +
                         ", which holds the password of target " + backquoted(settings.name),
                     "set it, or change `password_env:` in birdhouse.yaml"};
    }
    return *password;
}

std::unique_ptr<SqlChannel> make_channel(const model::TargetSettings& settings, const std::string& database,
                                         const std::string& password, const std::stop_token& stop) {
    return std::make_unique<HttpSqlChannel>(std::make_unique<net::CurlClient>(stop),
                                            std::make_unique<net::RealWaiting>(stop), settings, database,
                                            password);
}

} // namespace

Result<std::unique_ptr<SqlTarget>> open_clickhouse(const model::TargetSettings& settings,
                                                   const Variable& variable, const std::stop_token& stop) {
    if (settings.database.empty() || settings.url.empty()) {
        return Error{ExitCode::Usage,
                     "the target " + backquoted(settings.name) + " has no " +
                         (settings.url.empty() ? "`url`" : "`database`"),
                     "give it one in birdhouse.yaml"};
    }
    TRY_ASSIGN(const std::string password, password_of(settings, variable));
    // The database of a statement must be there, so it is looked for without one.
    const std::unique_ptr<SqlChannel> outside = make_channel(settings, "", password, stop);
    const std::array<Parameter, 1> name = {Parameter{"name", escape_tsv(settings.database)}};
    TRY_ASSIGN(
        const QueryResult found,
        outside->query("SELECT count() FROM system.databases WHERE name = {name:String}", "TSV", name));
    if (trim(found.bytes) == "0") {
        TRY(outside->execute("CREATE DATABASE IF NOT EXISTS " + identifier(settings.database)));
    }
    return std::unique_ptr<SqlTarget>(std::make_unique<ClickHouseTarget>(
        settings, make_channel(settings, settings.database, password, stop)));
}

} // namespace birdhouse::target
