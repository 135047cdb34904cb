// GET /v0/pipes/openapi.json: the endpoints that the caller may read.
#include "codec/openapi.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"
#include "server/staging.hpp"

#include <array>

namespace birdhouse::server {

namespace {

RouteAnswer get_openapi(const Call& call) {
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const auto may_read = [&](const model::Pipe& pipe) {
        return call.access.may(ScopeKind::PipesRead, pipe.name);
    };
    net::HttpResponse response;
    response.content_type = kJsonType;
    response.body =
        codec::write_openapi(content->project, {call.workspace->name, call.core.url(), {}, may_read});
    return response;
}

constexpr auto kRoutes = std::to_array<Route>({{"GET", "/v0/pipes/openapi.json", get_openapi}});

} // namespace

std::span<const Route> openapi_routes() { return kRoutes; }

} // namespace birdhouse::server
