// The API, route by route. A route gets a call whose token was checked and says what is answered.
#pragma once

#include "net/http.hpp"
#include "server/access.hpp"
#include "server/api_result.hpp"
#include "server/core.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace birdhouse::server {

struct Call {
    const net::HttpRequest& request;
    std::vector<std::string> path; // what stands in the places of `*`, in order
    Core& core;
    std::shared_ptr<Workspace> workspace;
    Access access;
    bool is_user = false;
};

using RouteAnswer = ApiResult<net::HttpResponse>;

struct Route {
    std::string_view method;
    std::string_view pattern; // `/v0/pipes/*`: `*` is one segment, never empty
    RouteAnswer (*answer)(const Call&);
    bool needs_token = true;
    bool changes_state = false; // of workspaces, not of rows: it is saved before the answer
};

std::span<const Route> workspace_routes();
std::span<const Route> token_routes();
std::span<const Route> variable_routes();
std::span<const Route> event_routes();
std::span<const Route> datasource_routes();
std::span<const Route> row_routes();
std::span<const Route> analyze_routes();
std::span<const Route> helper_routes();
std::span<const Route> refused_routes();
std::span<const Route> openapi_routes();
std::span<const Route> pipe_routes();
std::span<const Route> sql_routes();
std::span<const Route> build_routes();
std::span<const Route> job_routes();
std::span<const Route> copy_routes();

// A query parameter, or a field of a form body: clients send either.
std::optional<std::string> field(const Call& call, std::string_view name);
// All of them: the query first.
net::Fields all_fields(const Call& call);
// What `GET /v0/pipes/NAME` answers.
RouteAnswer pipe_answer(const Call& call, const std::string& name);
// By name or by id. Null when there is none.
const model::Datasource* find_datasource(const Content& content, const Workspace& workspace,
                                         std::string_view name_or_id);
ApiError no_such_datasource(std::string_view name);
// Rows out of a file, answered as a job that is done.
RouteAnswer import_file(const Call& call, const model::Datasource& datasource, const std::string& mode);
nlohmann::ordered_json job_json(const Job& job, const Call& call);
nlohmann::ordered_json job_of(const Call& call, const std::string& id); // null when there is none
// Of a datasource, a pipe or a connection.
std::string resource_id(const Workspace& workspace, std::string_view name);
std::string node_id(const Workspace& workspace, std::string_view pipe, std::string_view node);
ApiStatus require(const Call& call, ScopeKind kind, std::string_view resource);

} // namespace birdhouse::server
