// Copies and populations of pipes on request, and the schedules of copies, which are noted and not followed.
#include "server/append.hpp"
#include "server/copies.hpp"
#include "server/json_answer.hpp"
#include "server/query_request.hpp"
#include "server/routes.hpp"
#include "server/staging.hpp"
#include "server/table_maker.hpp"

#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;
using model::NodeType;
using model::Pipe;

struct Asked {
    std::shared_ptr<const Content> content; // owns the pipe
    const Pipe* pipe = nullptr;
};

// By name or by id.
ApiResult<Asked> find_pipe(const Call& call) {
    Asked asked{deployed_of(call).content, nullptr};
    for (const Pipe& pipe : asked.content->project.pipes) {
        if (pipe.name == call.path.front() || resource_id(*call.workspace, pipe.name) == call.path.front()) {
            asked.pipe = &pipe;
        }
    }
    if (asked.pipe == nullptr) {
        return ApiError{404, "Pipe '" + call.path.front() + "' not found"};
    }
    TRY(require(call, ScopeKind::PipesCreate, asked.pipe->name));
    return asked;
}

ApiResult<Asked> find_copy(const Call& call) {
    TRY_ASSIGN(Asked asked, find_pipe(call));
    const model::Node* node = model::published_node(*asked.pipe);
    if (node == nullptr || node->type != NodeType::Copy) {
        return ApiError{400, "Pipe '" + asked.pipe->name + "' is not a copy pipe"};
    }
    return asked;
}

Json pipe_json(const Call& call, const std::string& name) {
    const RouteAnswer answer = pipe_answer(call, name);
    return answer ? Json::parse(answer->body, nullptr, false) : Json::object();
}

RouteAnswer run_copy(const Call& call) {
    TRY_ASSIGN(const Asked asked, find_copy(call));
    TRY_ASSIGN(RequestParameters parameters, read_parameters(call));
    const std::string& target = asked.pipe->target_datasource;
    const std::string own_mode = asked.pipe->copy_mode.empty() ? "append" : asked.pipe->copy_mode;
    const std::string mode = field(call, "_mode").value_or(own_mode);
    if (mode != "append" && mode != "replace") {
        return ApiError{400, "`_mode` is append or replace"};
    }
    Json answer = pipe_json(call, asked.pipe->name);
    const std::string id =
        start_copy(call, target, {asked.pipe->name, mode == "replace", std::move(parameters.values)});
    answer["tags"] = {{"copy_target_datasource", resource_id(*call.workspace, target)},
                      {"copy_target_workspace", call.workspace->id}};
    answer["job"] = job_of(call, id);
    return json_answer(answer);
}

// A part of the rows between 0 and 1, as a condition.
ApiResult<std::string> sample_condition(const std::string& subset) {
    double part = 0;
    const auto [rest, error] = std::from_chars(subset.data(), subset.data() + subset.size(), part);
    if (error != std::errc() || rest != subset.data() + subset.size() || !(part > 0 && part <= 1)) {
        return ApiError{400, "`populate_subset` is a number above 0, and 1 at most"};
    }
    return "rand() <= " + std::to_string(static_cast<std::uint64_t>(part * 4294967295.0));
}

RouteAnswer run_population(const Call& call) {
    TRY_ASSIGN(const Asked asked, find_pipe(call));
    const model::Node* node = model::published_node(*asked.pipe);
    const bool is_asked =
        node != nullptr && (node->name == call.path[1] ||
                            node_id(*call.workspace, asked.pipe->name, node->name) == call.path[1]);
    if (!is_asked || node->type != NodeType::Materialized) {
        return ApiError{400, "the node '" + call.path[1] + "' is not materialized"};
    }
    PopulateRequest request{asked.pipe->name, field(call, "truncate").value_or("false") == "true",
                            field(call, "populate_condition").value_or("")};
    if (const std::optional<std::string> subset = field(call, "populate_subset")) {
        TRY_ASSIGN(request.condition, sample_condition(*subset));
    } else if (!request.condition.empty()) {
        TRY(check_condition(request.condition));
    }
    const std::string id = start_population(call, asked.pipe->target_datasource, std::move(request));
    return json_answer({{"id", node_id(*call.workspace, asked.pipe->name, node->name)},
                        {"name", node->name},
                        {"materialized", resource_id(*call.workspace, asked.pipe->target_datasource)},
                        {"job", job_of(call, id)}});
}

RouteAnswer set_paused(const Call& call, bool paused) {
    TRY_ASSIGN(const Asked asked, find_copy(call));
    if (asked.pipe->copy_schedule.empty() || asked.pipe->copy_schedule == "@on-demand") {
        return ApiError{400, "Pipe '" + asked.pipe->name + "' has no schedule: it copies when it is asked"};
    }
    {
        const std::scoped_lock lock(call.workspace->mutex);
        if (paused) {
            call.workspace->paused_copies.insert(asked.pipe->name);
        } else {
            call.workspace->paused_copies.erase(asked.pipe->name);
        }
    }
    return pipe_answer(call, asked.pipe->name);
}

RouteAnswer pause(const Call& call) { return set_paused(call, true); }
RouteAnswer resume(const Call& call) { return set_paused(call, false); }

RouteAnswer cancel_copies(const Call& call) {
    TRY_ASSIGN(const Asked asked, find_copy(call));
    Json answer = pipe_json(call, asked.pipe->name);
    answer["jobs"] = Json::array();
    for (const Job& job : call.core.jobs().list()) {
        const bool is_meant =
            job.workspace_id == call.workspace->id && job.kind == "copy" && job.pipe == asked.pipe->name;
        const auto interrupt = [&](const std::string& id) { interrupt_job(call.core, id); };
        const std::optional<Job> cancelled =
            is_meant ? call.core.jobs().cancel(job.id, interrupt) : std::nullopt;
        if (cancelled) {
            answer["jobs"].push_back(job_json(*cancelled, call));
        }
    }
    return json_answer(answer);
}

constexpr auto kRoutes = std::to_array<Route>({{"POST", "/v0/pipes/*/copy", run_copy},
                                               {"POST", "/v0/pipes/*/copy/pause", pause, true, true},
                                               {"POST", "/v0/pipes/*/copy/resume", resume, true, true},
                                               {"POST", "/v0/pipes/*/copy/cancel", cancel_copies},
                                               {"POST", "/v0/pipes/*/nodes/*/population", run_population}});

} // namespace

Json job_of(const Call& call, const std::string& id) {
    for (const Job& job : call.core.jobs().list()) {
        if (job.id == id) {
            return job_json(job, call);
        }
    }
    return nullptr;
}

std::span<const Route> copy_routes() { return kRoutes; }

} // namespace birdhouse::server
