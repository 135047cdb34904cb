#include "server/core.hpp"

#include "base/files.hpp"
#include "base/hash.hpp"
#include "codec/service_tables.hpp"
#include "server/state.hpp"
#include "target/ddl.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace birdhouse::server {

namespace {

constexpr std::string_view kService = "tinybird"; // the database of what the service tells
constexpr std::size_t kLargestState = std::size_t{256} << 20U;

std::string utc(std::chrono::system_clock::time_point time, const char* form) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), form, &parts);
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count() % 1'000'000;
    std::string fraction = std::to_string(micros);
    fraction.insert(0, 6 - fraction.size(), '0');
    return std::string(text.data(), size) + "." + fraction;
}

// Those that a workspace has, and none that was being made or dropped when the last run ended.
Result<void> restore_databases(const Workspace& workspace, target::SqlChannel& engine) {
    std::vector<std::string> wanted = {workspace.live.database};
    if (workspace.staging) {
        wanted.push_back(workspace.staging->deployed.database);
    }
    for (const std::string& database : wanted) {
        TRY(engine.execute("CREATE DATABASE IF NOT EXISTS " + target::identifier(database)));
    }
    const std::array<target::Parameter, 1> stem = {
        target::Parameter{"stem", target::escape_tsv(database_stem(workspace))}};
    TRY_ASSIGN(
        const target::QueryResult found,
        engine.query("SELECT name FROM system.databases WHERE startsWith(name, {stem:String})", "TSV", stem));
    for (const std::vector<std::string>& row : target::parse_tsv(found.bytes)) {
        if (std::find(wanted.begin(), wanted.end(), row.front()) == wanted.end()) {
            TRY(engine.execute("DROP DATABASE IF EXISTS " + target::identifier(row.front())));
        }
    }
    return {};
}

} // namespace

Core::Core(EnginePool& engine, ServerOptions options, Now now)
    : engine_(engine), inserts_(engine), options_(std::move(options)), now_(std::move(now)),
      jobs_([this] { return stamp(); }) {}

Result<void> Core::start() {
    if (options_.user_token.empty()) {
        options_.user_token = make_token_text("user", new_id(""), random_bytes(32));
    }
    TRY(make_service_tables());
    TRY(restore());
    std::shared_ptr<Workspace> first = find_workspace(options_.default_workspace);
    if (first == nullptr) {
        TRY_ASSIGN(first, make_workspace(options_.default_workspace));
    }
    if (!options_.admin_token.empty()) {
        first->tokens.front().text = options_.admin_token;
    }
    default_id_ = first->id;
    return save();
}

// What the service tells of a workspace, `tinybird.pipe_stats` and the like. Here they are empty, so that
// what reads them works.
Result<void> Core::make_service_tables() {
    TRY_ASSIGN(const EnginePool::Lease engine, engine_.lease(EngineUse::Write));
    TRY(engine->execute("CREATE DATABASE IF NOT EXISTS " + target::identifier(kService)));
    for (const model::Datasource& table : codec::service_tables(kService)) {
        TRY(engine->execute("DROP TABLE IF EXISTS " + target::qualified_name(kService, table.name)));
        TRY(engine->execute(target::create_table(table, kService, table.name)));
    }
    return {};
}

// The workspaces of an earlier run, their databases included.
Result<void> Core::restore() {
    std::error_code ignored; // what cannot be looked at cannot be read either, and is said then
    if (options_.state_file.empty() || !std::filesystem::exists(options_.state_file, ignored)) {
        return {};
    }
    TRY_ASSIGN(const std::string text, read_file(options_.state_file, kLargestState));
    TRY_ASSIGN(std::vector<std::shared_ptr<Workspace>> known, read_state(text, options_.config));
    TRY_ASSIGN(const EnginePool::Lease engine, engine_.lease(EngineUse::Write));
    for (std::shared_ptr<Workspace>& workspace : known) {
        TRY(restore_databases(*workspace, *engine));
        workspaces_.emplace(workspace->id, std::move(workspace));
    }
    return {};
}

Result<void> Core::save() {
    if (options_.state_file.empty()) {
        return {};
    }
    const std::scoped_lock lock(save_mutex_); // the last to write saw all that was changed before it
    TRY(write_if_changed(options_.state_file, write_state(workspaces())));
    std::error_code ignored; // a file system without owners
    std::filesystem::permissions(options_.state_file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 ignored);
    return {};
}

std::shared_ptr<Workspace> Core::default_workspace() {
    const std::shared_lock lock(mutex_);
    return workspaces_.at(default_id_);
}

std::vector<std::shared_ptr<Workspace>> Core::workspaces() {
    const std::shared_lock lock(mutex_);
    std::vector<std::shared_ptr<Workspace>> all;
    for (const auto& [id, workspace] : workspaces_) {
        all.push_back(workspace);
    }
    return all;
}

std::shared_ptr<Workspace> Core::find_workspace(std::string_view id_or_name) {
    for (const std::shared_ptr<Workspace>& workspace : workspaces()) {
        const bool is_branch = !workspace->main_id.empty();
        if (workspace->id == id_or_name || (workspace->name == id_or_name && !is_branch)) {
            return workspace;
        }
    }
    return nullptr;
}

Token Core::new_token(const Workspace& workspace, std::string name, std::vector<Scope> scopes) const {
    Token token;
    token.id = new_id("");
    token.name = std::move(name);
    token.text = make_token_text(workspace.id, token.id, random_bytes(32));
    token.scopes = std::move(scopes);
    return token;
}

std::shared_ptr<Workspace> Core::draft_workspace(const std::string& name, const std::string& main_id) {
    auto workspace = std::make_shared<Workspace>();
    workspace->id = new_id("");
    workspace->name = name;
    workspace->main_id = main_id;
    workspace->created_at = stamp();
    workspace->tokens.push_back(
        new_token(*workspace, "workspace admin token", {Scope{ScopeKind::Admin, "", {}, ""}}));
    std::vector<FileProblem> none;
    workspace->live = {database_stem(*workspace), read_content({}, options_.config, none)};
    workspace->deployments.push_back({0, "data_ready", true, iso_stamp(), iso_stamp(), {}});
    return workspace;
}

void Core::add_workspace(std::shared_ptr<Workspace> workspace) {
    const std::unique_lock lock(mutex_);
    const std::string id = workspace->id;
    workspaces_.emplace(id, std::move(workspace));
}

Result<std::shared_ptr<Workspace>> Core::make_workspace(const std::string& name) {
    std::shared_ptr<Workspace> workspace = draft_workspace(name, "");
    TRY_ASSIGN(const EnginePool::Lease engine, engine_.lease(EngineUse::Write));
    TRY(engine->execute("CREATE DATABASE IF NOT EXISTS " + target::identifier(workspace->live.database)));
    add_workspace(workspace);
    return workspace;
}

Result<void> Core::drop_workspace(Workspace& workspace) {
    {
        const std::unique_lock lock(mutex_);
        workspaces_.erase(workspace.id);
    }
    TRY_ASSIGN(const EnginePool::Lease engine, engine_.lease(EngineUse::Write));
    if (const std::optional<Staged> staged = staging_of(workspace)) {
        TRY(engine->execute("DROP DATABASE IF EXISTS " + target::identifier(staged->deployed.database)));
    }
    return engine->execute("DROP DATABASE IF EXISTS " + target::identifier(live_of(workspace).database));
}

ApiResult<Core::Caller> Core::caller(std::string_view token) {
    if (token.empty()) {
        return ApiError{403, "no authentication token was sent"};
    }
    std::optional<Caller> found;
    if (equal_in_constant_time(token, options_.user_token)) {
        found = Caller{default_workspace(), Access({Scope{ScopeKind::Admin, "", {}, ""}}), true};
    }
    for (const std::shared_ptr<Workspace>& workspace : workspaces()) {
        const std::scoped_lock lock(workspace->mutex);
        for (const Token& one : workspace->tokens) {
            if (equal_in_constant_time(token, one.text)) {
                found = Caller{workspace, Access(one.scopes), false};
            }
        }
    }
    if (found) {
        return std::move(*found);
    }
    const std::shared_ptr<Workspace> named = find_workspace(workspace_of_jwt(token));
    if (named == nullptr) {
        return ApiError{403, "invalid authentication token. Did you copy the whole of it?"};
    }
    const std::string key = [&] {
        const std::scoped_lock lock(named->mutex);
        return named->tokens.front().text;
    }();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
    TRY_ASSIGN(JwtClaims claims, read_jwt(token, key, seconds));
    return Caller{named, Access(std::move(claims.scopes)), false};
}

std::string Core::new_id(std::string_view prefix) const {
    return std::string(prefix) + hexadecimal(random_bytes(16));
}

std::string Core::stamp() const { return utc(now(), "%Y-%m-%d %H:%M:%S"); }
std::string Core::iso_stamp() const { return utc(now(), "%Y-%m-%dT%H:%M:%S") + "+00:00"; }

} // namespace birdhouse::server
