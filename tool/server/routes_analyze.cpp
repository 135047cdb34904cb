// POST /v0/analyze: what a file could be stored as.
#include "server/analysis.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

RouteAnswer analyze(const Call& call) {
    TRY(require(call, ScopeKind::DatasourcesCreate, ""));
    TRY_ASSIGN(const SentFile file, read_sent_file(call));
    if (file.bytes.empty()) {
        return ApiError{400,
                        "no file was sent: give it as a part, as the body, or name its address as `url`"};
    }
    const std::optional<FileFormat> called = format_called(field(call, "format").value_or(""));
    const std::optional<FileFormat> named = called ? called : format_of_name(file.name);
    TRY_ASSIGN(const EnginePool::Lease engine, call.core.engine().lease(EngineUse::Write));
    TRY_ASSIGN(const nlohmann::ordered_json answer,
               analyze_file(file.bytes, named.value_or(format_of_bytes(file.bytes)),
                            call.core.options().config, *engine));
    return json_answer(answer);
}

constexpr auto kRoutes = std::to_array<Route>({{"POST", "/v0/analyze", analyze}});

} // namespace

std::span<const Route> analyze_routes() { return kRoutes; }

} // namespace birdhouse::server
