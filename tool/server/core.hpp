// The state of a server that its routes share: workspaces, jobs, the engine, what was told at its start.
#pragma once

#include "server/api_result.hpp"
#include "server/engine_pool.hpp"
#include "server/insert_groups.hpp"
#include "server/jobs.hpp"
#include "server/workspace.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::server {

using Now = std::function<std::chrono::system_clock::time_point()>;

struct ServerOptions {
    std::string default_workspace = "Tinybird_Local_Testing";
    std::string admin_token;          // of the default workspace; made at the start when empty
    std::string user_token;           // who may make workspaces; made at the start when empty
    bool tells_tokens = true;         // GET /tokens; only for a server on loopback
    bool classic = false;             // workspaces are of the Classic generation
    std::string url;                  // under which it is reached, for answers that name it
    model::Config config;             // of ingestion and privacy, for every workspace
    std::filesystem::path state_file; // of workspaces; empty: they end with the process
    std::size_t largest_body = std::size_t{100} << 20U;
    std::size_t longest_sql = 128 << 10U; // bytes
};

class Core {
public:
    Core(EnginePool& engine, ServerOptions options, Now now);

    // Makes the default workspace, or takes those of an earlier run.
    Result<void> start();

    EnginePool& engine() { return engine_; }
    InsertGroups& inserts() { return inserts_; }
    const ServerOptions& options() const { return options_; }
    const std::string& url() const { return options_.url; }
    // Once the port is known, before the first request.
    void set_url(std::string url) { options_.url = std::move(url); }
    std::string user_token() const { return options_.user_token; }
    std::chrono::system_clock::time_point now() const { return now_(); }

    std::shared_ptr<Workspace> default_workspace();
    std::vector<std::shared_ptr<Workspace>> workspaces();
    // By id, or by name: branches, whose names are their own main's affair, by id alone.
    std::shared_ptr<Workspace> find_workspace(std::string_view id_or_name);
    Result<std::shared_ptr<Workspace>> make_workspace(const std::string& name);
    // One with an admin token and nothing in it, without a database yet, and known to nobody until it is
    // added. `main_id` is of branches.
    std::shared_ptr<Workspace> draft_workspace(const std::string& name, const std::string& main_id);
    void add_workspace(std::shared_ptr<Workspace> workspace);
    // Held from the look whether a name is free until it is taken, and before any gate.
    std::mutex& naming() { return naming_; }
    Result<void> drop_workspace(Workspace& workspace);

    struct Caller {
        std::shared_ptr<Workspace> workspace;
        Access access;
        bool is_user = false; // the user token: sees all workspaces
    };
    // Whenever something changed that is to be known at the next start.
    Result<void> save();

    // Whose token it is. Every token is compared in full, so that time tells nothing.
    ApiResult<Caller> caller(std::string_view token);

    Jobs& jobs() { return jobs_; }

    Token new_token(const Workspace& workspace, std::string name, std::vector<Scope> scopes) const;

    std::string new_id(std::string_view prefix) const; // `t_` and 32 hexadecimal digits
    std::string stamp() const;                         // `2026-11-26 10:00:00.000000`
    std::string iso_stamp() const;                     // `2026-11-26T10:00:00.000000+00:00`

private:
    Result<void> make_service_tables();
    Result<void> restore();

    EnginePool& engine_;
    InsertGroups inserts_;
    ServerOptions options_;
    Now now_;
    std::shared_mutex mutex_;                                      // guards what follows
    std::map<std::string, std::shared_ptr<Workspace>> workspaces_; // by id
    std::string default_id_;
    std::mutex save_mutex_;
    std::mutex naming_;
    Jobs jobs_; // last: they work with all of the above
};

} // namespace birdhouse::server
