// /v1/build, /v1/deploy and /v1/deployments: the only ways in which a workspace's resources change.
#include "base/text.hpp"
#include "server/classic.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"
#include "server/staging.hpp"
#include "server/workspace_build.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kResourcePart =
    "data_project://"; // the name of every part; the file name tells which

// Paths are names only: nothing is written to them. Still none of them may be something else than a name.
ApiResult<std::vector<Datafile>> files_of(const Call& call) {
    std::vector<Datafile> files;
    for (const net::FormPart& part : call.request.parts) {
        if (part.name != kResourcePart) {
            continue; // `context://` and the like
        }
        const bool strange = part.filename.empty() || part.filename.front() == '/' ||
                             part.filename.find("..") != std::string::npos ||
                             part.filename.find('\\') != std::string::npos ||
                             part.filename.find('\0') != std::string::npos;
        if (strange) {
            return ApiError{400, "`" + printable(part.filename) + "` is no file of a project"};
        }
        files.push_back({part.filename, part.content});
    }
    return files;
}

void add_names(Json& json, std::string_view kind, const NameChanges& changes) {
    json["new_" + std::string(kind) + "_names"] = changes.added;
    json["changed_" + std::string(kind) + "_names"] = changes.changed;
    json["deleted_" + std::string(kind) + "_names"] = changes.dropped;
}

void add_changes(Json& json, const BuildChanges& changes) {
    add_names(json, "datasource", changes.datasources);
    add_names(json, "pipe", changes.pipes);
    add_names(json, "data_connector", changes.connections);
}

Json errors_of(const BuildOutcome& outcome) {
    Json errors = Json::array();
    for (const FileProblem& problem : outcome.problems) {
        errors.push_back({{"filename", problem.path}, {"error", problem.text}});
    }
    for (const std::string& refusal : outcome.refusals) {
        errors.push_back({{"filename", ""}, {"error", refusal}});
    }
    return errors;
}

std::string first_error(const Json& errors) {
    return errors.empty() ? std::string() : errors.front()["error"].get<std::string>();
}

Json resources_of(Workspace& workspace, std::string_view kind) {
    const std::shared_ptr<const Content> content = content_of(workspace);
    Json list = Json::array();
    if (kind == "datasources") {
        for (const model::Datasource& one : content->project.datasources) {
            list.push_back({{"name", one.name}, {"type", "datasource"}});
        }
    } else {
        for (const model::Pipe& one : content->project.pipes) {
            list.push_back({{"name", one.name}, {"type", "pipe"}});
        }
    }
    return list;
}

RouteAnswer post_build(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    if (call.core.options().classic) {
        return only_forward();
    }
    TRY_ASSIGN(std::vector<Datafile> files, files_of(call));
    TRY_ASSIGN(const BuildOutcome outcome,
               build_workspace(call.core, *call.workspace, {std::move(files), BuildKind::Build, true}));
    Json build = {{"id", call.core.new_id("")},
                  {"datasources", resources_of(*call.workspace, "datasources")},
                  {"pipes", resources_of(*call.workspace, "pipes")}};
    add_changes(build, outcome.changes);
    build["feedback"] = Json::array();
    const Json errors = errors_of(outcome);
    Json answer = {{"result", outcome.done() ? "success" : "failed"}, {"build", build}};
    if (!outcome.done()) {
        answer["error"] = first_error(errors);
        answer["errors"] = errors;
    }
    return json_answer(answer, outcome.done() ? 200 : 400);
}

Json json_of(const Deployment& deployment) {
    return {{"id", std::to_string(deployment.id)},
            {"status", deployment.status},
            {"live", deployment.live},
            {"created_at", deployment.created_at},
            {"updated_at", deployment.updated_at},
            {"feedback", Json::array()},
            {"errors", deployment.errors}};
}

// What a deployment that made nothing is told as: the one that is in its way, or what is live.
Json present_deployment(Workspace& workspace) {
    const std::scoped_lock lock(workspace.mutex);
    const auto wanted = [&](const Deployment& one) {
        return workspace.staging ? one.id == workspace.staging->deployment : one.live;
    };
    const auto found = std::find_if(workspace.deployments.begin(), workspace.deployments.end(), wanted);
    return json_of(found == workspace.deployments.end() ? workspace.deployments.back() : *found);
}

Json movements_of(const BuildOutcome& outcome) {
    Json movements = Json::array();
    for (const DataMovement& movement : outcome.movements) {
        const bool by_view = !movement.source_view.empty();
        movements.push_back({{"datasource_name", movement.datasource},
                             {"kind", by_view ? "backfill_with_mv_queries" : "backfill_with_forward_query"},
                             {"source_mv_name", by_view ? Json(movement.source_view) : Json(nullptr)}});
    }
    return movements;
}

bool is_set(const Call& call, std::string_view name) {
    return net::find(call.request.query, name).value_or("false") == "true";
}

RouteAnswer post_deploy(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    if (call.core.options().classic) {
        return only_forward();
    }
    TRY_ASSIGN(std::vector<Datafile> files, files_of(call));
    const BuildKind kind = is_set(call, "check")          ? BuildKind::Check
                           : is_set(call, "auto_promote") ? BuildKind::Deploy
                                                          : BuildKind::Stage;
    TRY_ASSIGN(const BuildOutcome outcome,
               build_workspace(call.core, *call.workspace,
                               {std::move(files), kind, is_set(call, "allow_destructive_operations")}));
    const bool changes = !outcome.changes.empty();
    Json deployment = outcome.made ? json_of(*outcome.made) : present_deployment(*call.workspace);
    add_changes(deployment, outcome.changes);
    deployment["disconnected_data_source_names"] = Json::array();
    deployment["new_data_connector_ids"] = Json::array();
    deployment["token_changes"] = Json::array();
    deployment["data_movements"] = movements_of(outcome);
    const Json errors = errors_of(outcome);
    for (const Json& error : errors) {
        const std::string file = error["filename"].get<std::string>();
        deployment["feedback"].push_back(
            {{"resource", file.empty() ? Json(nullptr) : Json("Resource " + file)},
             {"level", "ERROR"},
             {"message", error["error"]}});
    }
    Json answer = {{"result", !outcome.done() ? "failed"
                              : changes       ? "success"
                                              : "no_changes"},
                   {"deployment", deployment}};
    if (!outcome.done()) {
        answer["error"] = first_error(errors);
        answer["errors"] = errors;
    }
    return json_answer(answer, outcome.done() ? 200 : 400);
}

RouteAnswer list_deployments(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const bool with_deleted = is_set(call, "include_deleted");
    Json list = Json::array();
    const std::scoped_lock lock(call.workspace->mutex);
    std::vector<Deployment> shown = call.workspace->deployments;
    std::erase_if(shown, [&](const Deployment& one) { return !with_deleted && one.status == "deleted"; });
    std::stable_sort(shown.begin(), shown.end(), [](const Deployment& a, const Deployment& b) {
        return std::pair(!a.live, -static_cast<std::int64_t>(a.id)) <
               std::pair(!b.live, -static_cast<std::int64_t>(b.id));
    });
    for (const Deployment& one : shown) {
        list.push_back(json_of(one));
    }
    return json_answer({{"deployments", list}});
}

ApiResult<Deployment> find_deployment(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const std::scoped_lock lock(call.workspace->mutex);
    for (const Deployment& one : call.workspace->deployments) {
        if (std::to_string(one.id) == call.path.front()) {
            return one;
        }
    }
    return ApiError{404, "Deployment '" + call.path.front() + "' not found"};
}

RouteAnswer get_deployment(const Call& call) {
    TRY_ASSIGN(const Deployment deployment, find_deployment(call));
    return json_answer({{"result", "success"}, {"deployment", json_of(deployment)}});
}

// What is live already is promoted again, and what is deleted is discarded again: clients repeat themselves.
RouteAnswer promote(const Call& call) {
    TRY_ASSIGN(const Deployment deployment, find_deployment(call));
    if (deployment.status == "deleted") {
        return ApiError{400, "the deployment was deleted: another one is live"};
    }
    if (!deployment.live) {
        TRY(promote_staging(call.core, *call.workspace, deployment.id));
    }
    return get_deployment(call);
}

RouteAnswer discard(const Call& call) {
    TRY_ASSIGN(const Deployment deployment, find_deployment(call));
    if (deployment.live) {
        return ApiError{400, "the live deployment cannot be discarded"};
    }
    TRY(discard_staging(call.core, *call.workspace, deployment.id));
    return get_deployment(call);
}

constexpr auto kRoutes = std::to_array<Route>({{"POST", "/v1/build", post_build, true, true},
                                               {"POST", "/v1/deploy", post_deploy, true, true},
                                               {"GET", "/v1/deployments", list_deployments},
                                               {"GET", "/v1/deployments/*", get_deployment},
                                               {"POST", "/v1/deployments/*/set-live", promote, true, true},
                                               {"DELETE", "/v1/deployments/*", discard, true, true}});

} // namespace

std::span<const Route> build_routes() { return kRoutes; }

} // namespace birdhouse::server
