// Routes of the service that are known here and not served: each says why, and what to do instead.
#include "server/routes.hpp"

#include <array>

namespace birdhouse::server {

namespace {

// Of Forward, in its own words. Classic changes what it serves by other routes.
RouteAnswer by_deployment(const Call& call, std::string_view what) {
    if (call.core.options().classic) {
        return ApiError{404, "this change of " + std::string(what) + " is not served"};
    }
    return ApiError{403, "Adding or modifying " + std::string(what) +
                             " to this workspace can only be done via deployments"};
}

RouteAnswer pipes(const Call& call) { return by_deployment(call, "pipes"); }
RouteAnswer datasources(const Call& call) { return by_deployment(call, "data sources"); }

// One client tells by these two names that what it asked for is of the other generation.
RouteAnswer of_classic(const Call& call) {
    return ApiError{
        call.core.options().classic ? 404 : 400,
        call.core.options().classic
            ? "this route of Classic is not served"
            : "this is a Tinybird Forward workspace: the route is of Tinybird Classic workspaces"};
}

RouteAnswer connection(const Call&) {
    return ApiError{400, "connections to Kafka, S3, GCS and DynamoDB are declared here, and not followed: "
                         "append the rows as a file, or send them as events"};
}

RouteAnswer sink(const Call&) {
    return ApiError{400, "sinks are declared here, and write to nowhere: ask for the rows as an endpoint"};
}

constexpr auto kRoutes = std::to_array<Route>({
    {"PUT", "/v0/pipes/*/nodes/*", pipes},
    {"DELETE", "/v0/pipes/*/nodes/*", pipes},
    {"POST", "/v0/pipes/*/nodes", pipes},
    {"POST", "/v0/pipes/*/append", pipes},
    {"DELETE", "/v0/pipes/*/nodes/*/endpoint", pipes},
    {"POST", "/v0/pipes/*/nodes/*/materialization", pipes},
    {"DELETE", "/v0/pipes/*/nodes/*/materialization", pipes},
    {"POST", "/v0/pipes/*/nodes/*/copy", pipes},
    {"PUT", "/v0/pipes/*/nodes/*/copy", pipes},
    {"DELETE", "/v0/pipes/*/nodes/*/copy", pipes},
    {"POST", "/v0/pipes/*/nodes/*/sink", pipes},
    {"PUT", "/v0/pipes/*/nodes/*/sink", pipes},
    {"DELETE", "/v0/pipes/*/nodes/*/sink", pipes},
    {"POST", "/v0/pipes/*/nodes/*/stream", pipes},
    {"DELETE", "/v0/pipes/*/nodes/*/stream", pipes},
    {"GET", "/v0/pipes/*/nodes/*/analysis", of_classic},
    {"GET", "/v0/pipes/*/nodes/*/analyze", of_classic},
    {"POST", "/v0/pipes/*/sink", sink},
    {"POST", "/v0/datasources/exchange", datasources},
    {"POST", "/v0/datasources/*/share", datasources},
    {"DELETE", "/v0/datasources/*/share", datasources},
    {"POST", "/v0/datafiles", datasources},
    {"POST", "/v0/sql_copy", of_classic},
    {"POST", "/v0/environments/*/data", of_classic},
    {"POST", "/v0/environments/*/regression", of_classic},
    {"GET", "/v0/datasources/*/scheduling/state", connection},
    {"PUT", "/v0/datasources/*/scheduling/state", connection},
    {"POST", "/v0/datasources/*/scheduling/runs", connection},
    {"POST", "/v0/datasources/*/sample", connection},
    {"POST", "/v0/datasources/*/start", connection},
    {"POST", "/v0/datasources/*/stop", connection},
    {"POST", "/v0/connectors", connection},
    {"GET", "/v0/connectors/*/preview", connection},
});

} // namespace

std::span<const Route> refused_routes() { return kRoutes; }

} // namespace birdhouse::server
