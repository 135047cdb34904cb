// /v0/jobs: what was done on request, and what is being done.
#include "server/copies.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

// A filter that is not given takes all.
bool fits(const Call& call, std::string_view filter, const std::string& value) {
    return net::find(call.request.query, filter).value_or(value) == value;
}

RouteAnswer list_jobs(const Call& call) {
    Json list = Json::array();
    for (const Job& job : call.core.jobs().list()) {
        const bool is_asked = job.workspace_id == call.workspace->id && fits(call, "kind", job.kind) &&
                              fits(call, "status", std::string(to_string(job.status))) &&
                              fits(call, "pipe_name", job.pipe) &&
                              fits(call, "pipe_id", resource_id(*call.workspace, job.pipe));
        if (is_asked) {
            list.push_back(job_json(job, call));
        }
    }
    return json_answer({{"jobs", list}});
}

ApiResult<Job> find_job(const Call& call) {
    for (const Job& job : call.core.jobs().list()) {
        if (job.id == call.path.front() && job.workspace_id == call.workspace->id) {
            return job;
        }
    }
    return ApiError{404, "Job '" + call.path.front() + "' not found"};
}

RouteAnswer get_job(const Call& call) {
    TRY_ASSIGN(const Job job, find_job(call));
    return json_answer(job_json(job, call));
}

RouteAnswer cancel_job(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    TRY_ASSIGN(const Job job, find_job(call));
    const std::optional<Job> cancelled =
        call.core.jobs().cancel(job.id, [&](const std::string& id) { interrupt_job(call.core, id); });
    return cancelled ? RouteAnswer(json_answer(job_json(*cancelled, call)))
                     : ApiError{400, "Job '" + job.id + "' is over: it cannot be cancelled"};
}

constexpr auto kRoutes = std::to_array<Route>({{"GET", "/v0/jobs", list_jobs},
                                               {"GET", "/v0/jobs/*", get_job},
                                               {"POST", "/v0/jobs/*/cancel", cancel_job}});

} // namespace

Json job_json(const Job& job, const Call& call) {
    Json json = {{"id", job.id},
                 {"job_id", job.id},
                 {"kind", job.kind},
                 {"status", to_string(job.status)},
                 {"job_url", call.core.url() + "/v0/jobs/" + job.id},
                 {"created_at", job.created_at},
                 {"updated_at", job.updated_at},
                 {"started_at", job.started_at.empty() ? Json(nullptr) : Json(job.started_at)},
                 {"is_cancellable", !is_over(job)},
                 {"progress_percentage", is_over(job) ? 100 : 0}};
    if (!job.datasource.empty()) {
        json["datasource"] = {{"id", resource_id(*call.workspace, job.datasource)}, {"name", job.datasource}};
    }
    if (!job.pipe.empty()) {
        json["pipe_id"] = resource_id(*call.workspace, job.pipe);
        json["pipe_name"] = job.pipe;
    }
    if (job.status == JobStatus::Failed) {
        json["error"] = job.error;
    }
    return json;
}

std::span<const Route> job_routes() { return kRoutes; }

} // namespace birdhouse::server
