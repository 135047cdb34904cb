// /v0/jobs: what was done on request. Nothing is left waiting here, so each is done when it is first seen.
#include "server/json_answer.hpp"
#include "server/routes.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Job& job, const Core& core) {
    Json json = {{"id", job.id},
                 {"job_id", job.id},
                 {"kind", job.kind},
                 {"status", "done"},
                 {"job_url", core.options().url + "/v0/jobs/" + job.id},
                 {"created_at", job.created_at},
                 {"updated_at", job.created_at},
                 {"started_at", job.created_at},
                 {"is_cancellable", false},
                 {"progress_percentage", 100}};
    if (!job.datasource.empty()) {
        json["datasource"] = {{"id", job.datasource}, {"name", job.datasource}};
    }
    return json;
}

RouteAnswer list_jobs(const Call& call) {
    Json list = Json::array();
    for (const Job& job : call.core.jobs()) {
        if (job.workspace_id == call.workspace->id) {
            list.push_back(json_of(job, call.core));
        }
    }
    return json_answer({{"jobs", list}});
}

RouteAnswer get_job(const Call& call) {
    for (const Job& job : call.core.jobs()) {
        if (job.id == call.path.front() && job.workspace_id == call.workspace->id) {
            return json_answer(json_of(job, call.core));
        }
    }
    return ApiError{404, "Job '" + call.path.front() + "' not found"};
}

constexpr auto kRoutes =
    std::to_array<Route>({{"GET", "/v0/jobs", list_jobs}, {"GET", "/v0/jobs/*", get_job}});

} // namespace

std::span<const Route> job_routes() { return kRoutes; }

} // namespace birdhouse::server
