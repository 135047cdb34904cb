// POST /v0/events (Tinybird's Events API).
#include "server/ingestion.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"
#include "server/staging.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

// Far above what a laptop sends: the headers are there for clients that read them.
constexpr std::string_view kRequestsPerSecond = "1000";

net::HttpResponse counted(const IngestCounts& counts, int status) {
    const nlohmann::ordered_json json = {{"successful_rows", counts.successful},
                                         {"quarantined_rows", counts.quarantined}};
    net::HttpResponse response = json_answer(json, status);
    response.content_type = "application/json"; // without the charset, as the service sends it here
    response.headers = {{"X-RateLimit-Limit", std::string(kRequestsPerSecond)},
                        {"X-RateLimit-Remaining", std::string(kRequestsPerSecond)},
                        {"X-RateLimit-Reset", "1"}};
    return response;
}

ApiResult<const events::EventSchema*> schema_of(const Content& content, const std::string& name) {
    if (const auto schema = content.schemas.find(name); schema != content.schemas.end()) {
        return &schema->second;
    }
    const bool known = model::find_datasource(content.project, name) != nullptr;
    return known ? ApiError{400, "the data source \"" + name + "\" has no JSON paths and takes no events"}
                 : ApiError{404, "Data Source \"" + name + "\" does not exist"};
}

RouteAnswer post_events(const Call& call) {
    const std::optional<std::string> name = net::find(call.request.query, "name");
    if (!name || name->empty()) {
        return ApiError{400, "the parameter `name` is missing: the data source that takes the events"};
    }
    TRY(require(call, ScopeKind::DatasourcesAppend, *name));
    const std::string format = net::find(call.request.query, "format").value_or("ndjson");
    if (format != "ndjson" && format != "json") {
        return ApiError{400, "the format `" + format + "` is not served: ndjson and json are"};
    }
    std::string room;
    TRY_ASSIGN(const std::string_view body,
               unpacked(call.request.body, call.core.options().largest_body, room));
    const IngestStamp stamp{call.core.new_id(""), call.core.stamp().substr(0, 19)};
    const auto store = [&](const Deployed& deployed) -> ApiResult<IngestCounts> {
        TRY_ASSIGN(const events::EventSchema* schema, schema_of(*deployed.content, *name));
        TRY_ASSIGN(const JudgedRows rows, judge_rows(body, format == "json", *schema, stamp));
        return ingest(rows, *schema, deployed.database, call.core.inserts(), call.core.engine());
    };
    const auto store_too = [&](const Deployed& staged) -> ApiStatus {
        if (staged.content->schemas.contains(*name)) { // else it will take no events
            TRY(store(staged));
        }
        return Done{};
    };
    const std::shared_lock gate(call.workspace->gate);
    TRY_ASSIGN(const IngestCounts counts, store(deployed_of(call)));
    TRY(write_to_staging(call, *name, store_too));
    // Rows are written before this answer in both cases; the status says what the client asked for.
    const bool waits = net::find(call.request.query, "wait").value_or("false") == "true";
    return counted(counts, waits ? 200 : 202);
}

constexpr auto kRoutes = std::to_array<Route>({{"POST", "/v0/events", post_events}});

} // namespace

std::span<const Route> event_routes() { return kRoutes; }

} // namespace birdhouse::server
