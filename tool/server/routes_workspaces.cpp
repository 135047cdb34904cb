// Who one is and where one is: workspaces, branches, and what clients ask before anything else.
#include "base/text.hpp"
#include "server/branch.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"

#include <array>
#include <mutex>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kUser = "local_testing@tinybird.co";

std::string admin_token(Workspace& workspace) {
    const std::scoped_lock lock(workspace.mutex);
    return workspace.tokens.front().text;
}

Json json_of(Workspace& workspace, bool with_token) {
    Json json = {{"id", workspace.id},
                 {"name", workspace.name},
                 {"user_id", "local"},
                 {"user_email", kUser},
                 {"scope", "admin"},
                 {"main", workspace.main_id.empty() ? Json(nullptr) : Json(workspace.main_id)},
                 {"is_branch", !workspace.main_id.empty()},
                 {"is_forward", true},
                 {"role", "admin"},
                 {"plan", "local"},
                 {"created_at", workspace.created_at}};
    if (with_token) {
        json["token"] = admin_token(workspace);
    }
    return json;
}

bool wants_token(const Call& call) { return field(call, "with_token").value_or("false") == "true"; }

RouteAnswer tokens_of_server(const Call& call) {
    if (!call.core.options().tells_tokens) {
        return ApiError{403, "this server does not listen on loopback alone, and tells its tokens to nobody"};
    }
    const std::string admin = admin_token(*call.core.default_workspace());
    return json_answer(
        {{"user_token", call.core.user_token()}, {"admin_token", admin}, {"workspace_admin_token", admin}});
}

RouteAnswer regions(const Call& call) {
    return json_answer({{"regions", Json::array({{{"name", "local"},
                                                  {"api_host", call.core.options().url},
                                                  {"host", call.core.options().url},
                                                  {"provider", "local"}}})}});
}

RouteAnswer this_workspace(const Call& call) {
    Json json = json_of(*call.workspace, wants_token(call));
    json["scope"] = call.access.is_admin() ? "admin" : "user";
    return json_answer(json);
}

// Workspaces that the token's holder sees: with the user token, or the default admin's, all of them.
RouteAnswer my_workspaces(const Call& call) {
    const bool sees_all =
        call.is_user || (call.access.is_admin() && call.workspace == call.core.default_workspace());
    Json list = Json::array();
    for (const std::shared_ptr<Workspace>& workspace : call.core.workspaces()) {
        if (sees_all || workspace == call.workspace) {
            list.push_back(json_of(*workspace, call.access.is_admin()));
        }
    }
    return json_answer({{"organization_id", "local"}, {"organization_name", "local"}, {"workspaces", list}});
}

RouteAnswer make_workspace(const Call& call) {
    const std::string name = field(call, "name").value_or("");
    if (!call.is_user) {
        return ApiError{403, "workspaces are made with the user token"};
    }
    if (name.empty()) {
        return ApiError{400, "the parameter `name` is missing"};
    }
    const std::scoped_lock naming(call.core.naming());
    if (call.core.find_workspace(name) != nullptr) {
        return ApiError{409, "a workspace called '" + name + "' exists already"};
    }
    TRY_ASSIGN(const std::shared_ptr<Workspace> made, call.core.make_workspace(name));
    return json_answer(json_of(*made, true));
}

// The workspace of the path, when the caller may see it.
ApiResult<std::shared_ptr<Workspace>> asked_workspace(const Call& call) {
    const std::shared_ptr<Workspace> found = call.core.find_workspace(call.path.front());
    const bool may = call.is_user || (call.access.is_admin() && found == call.workspace);
    return found == nullptr ? ApiResult<std::shared_ptr<Workspace>>(ApiError{404, "Workspace not found"})
           : may            ? ApiResult<std::shared_ptr<Workspace>>(found)
                            : ApiError{403, "the token is not of this workspace"};
}

RouteAnswer get_workspace(const Call& call) {
    TRY_ASSIGN(const std::shared_ptr<Workspace> found, asked_workspace(call));
    return json_answer(json_of(*found, wants_token(call)));
}

RouteAnswer drop_workspace(const Call& call) {
    TRY_ASSIGN(const std::shared_ptr<Workspace> found, asked_workspace(call));
    const std::string confirmation =
        field(call, "hard_delete_confirmation").value_or(field(call, "confirmation").value_or(""));
    if (confirmation != "yes" && confirmation != found->name) {
        return ApiError{400, "deleting a workspace must be confirmed by its name"};
    }
    if (found == call.core.default_workspace()) {
        return ApiError{403, "the default workspace stays"};
    }
    const std::scoped_lock naming(call.core.naming()); // no branch is made of it meanwhile
    for (const std::shared_ptr<Workspace>& one : call.core.workspaces()) {
        if (one->main_id == found->id) {
            const std::unique_lock gate(one->gate);
            TRY(call.core.drop_workspace(*one));
        }
    }
    const std::unique_lock gate(found->gate);
    TRY(call.core.drop_workspace(*found));
    return json_answer({{"ok", true}, {"id", found->id}, {"name", found->name}});
}

RouteAnswer who(const Call& call) {
    return json_answer({{"is_valid", true}, {"is_user", call.is_user}, {"is_admin", call.access.is_admin()}});
}

// ---- branches

std::string main_of(const Workspace& workspace) {
    return workspace.main_id.empty() ? workspace.id : workspace.main_id;
}

std::shared_ptr<Workspace> find_branch(const Call& call, std::string_view id_or_name) {
    for (const std::shared_ptr<Workspace>& one : call.core.workspaces()) {
        const bool is_named = one->name == id_or_name || one->id == id_or_name;
        if (is_named && one->main_id == main_of(*call.workspace)) {
            return one;
        }
    }
    return nullptr;
}

RouteAnswer list_branches(const Call& call) {
    Json list = Json::array();
    for (const std::shared_ptr<Workspace>& one : call.core.workspaces()) {
        if (one->main_id == main_of(*call.workspace)) {
            list.push_back(json_of(*one, false));
        }
    }
    return json_answer({{"environments", list}});
}

RouteAnswer get_branch(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const std::shared_ptr<Workspace> branch = find_branch(call, call.path.front());
    return branch == nullptr ? RouteAnswer(ApiError{404, "Branch '" + call.path.front() + "' not found"})
                             : json_answer(json_of(*branch, wants_token(call)));
}

// `data` is what clients send today; the SDK up to 0.0.77 said `last_partition=1`.
ApiResult<CopiedRows> rows_of_branch(const Call& call) {
    const std::string data = field(call, "data").value_or("");
    if (data == "all_partitions") {
        return CopiedRows::All;
    }
    if (data == "last_partition") {
        return CopiedRows::LastPartition;
    }
    if (!data.empty()) {
        return ApiError{400, "the parameter `data` is `last_partition` or `all_partitions`"};
    }
    const std::string last = field(call, "last_partition").value_or("");
    return last == "1" || last == "true" ? CopiedRows::LastPartition : CopiedRows::None;
}

RouteAnswer post_branch(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const std::string name = field(call, "name").value_or("");
    if (name.empty()) {
        return ApiError{400, "the parameter `name` is missing"};
    }
    if (!call.workspace->main_id.empty()) {
        return ApiError{403, "branches are made from the main workspace"};
    }
    TRY_ASSIGN(const CopiedRows rows, rows_of_branch(call));
    const std::scoped_lock naming(call.core.naming());
    if (find_branch(call, name) != nullptr) {
        return ApiError{409, "a branch called '" + name + "' exists already"};
    }
    TRY_ASSIGN(const std::shared_ptr<Workspace> made, make_branch(call.core, *call.workspace, name, rows));
    Job job;
    job.id = call.core.new_id("");
    job.workspace_id = call.workspace->id;
    job.kind = "branch";
    call.core.jobs().add_done(job);
    return json_answer({{"job",
                         {{"id", job.id},
                          {"job_id", job.id},
                          {"status", "done"},
                          {"job_url", call.core.options().url + "/v0/jobs/" + job.id}}},
                        {"workspace", {{"id", made->id}}}});
}

RouteAnswer drop_branch(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const std::shared_ptr<Workspace> branch = find_branch(call, call.path.front());
    if (branch == nullptr) {
        return ApiError{404, "Branch '" + call.path.front() + "' not found"};
    }
    const std::unique_lock gate(branch->gate);
    TRY(call.core.drop_workspace(*branch));
    return json_answer({{"ok", true}});
}

constexpr auto kRoutes = std::to_array<Route>({{"GET", "/tokens", tokens_of_server, false},
                                               {"GET", "/v0/regions", regions, false},
                                               {"GET", "/v0/auth", who},
                                               {"GET", "/v0/workspace", this_workspace},
                                               {"GET", "/v1/workspace", this_workspace},
                                               {"GET", "/v0/user/workspaces", my_workspaces},
                                               {"GET", "/v1/user/workspaces", my_workspaces},
                                               {"POST", "/v1/workspaces", make_workspace, true, true},
                                               {"GET", "/v1/workspaces/*", get_workspace},
                                               {"DELETE", "/v1/workspaces/*", drop_workspace, true, true},
                                               {"GET", "/v1/environments", list_branches},
                                               {"POST", "/v1/environments", post_branch, true, true},
                                               {"GET", "/v0/environments/*", get_branch},
                                               {"DELETE", "/v0/environments/*", drop_branch, true, true}});

} // namespace

std::span<const Route> workspace_routes() { return kRoutes; }

} // namespace birdhouse::server
