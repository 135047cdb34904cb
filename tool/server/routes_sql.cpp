// /v0/sql (Tinybird's Query API), and what both it and endpoints make of a request's parameters.
#include "server/json_answer.hpp"
#include "server/query_request.hpp"
#include "server/routes.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

// GET ?q=, POST with the SQL as the body, as the form field `q` or as the JSON field `q`.
std::string sql_of(const Call& call, const RequestParameters& parameters) {
    if (parameters.sql) {
        return *parameters.sql;
    }
    const std::string type = net::find(call.request.headers, "content-type").value_or("");
    const bool is_text =
        !type.starts_with("application/x-www-form-urlencoded") && !type.starts_with("application/json");
    return is_text ? call.request.body : std::string();
}

RouteAnswer ask(const Call& call) {
    TRY_ASSIGN(const RequestParameters parameters, read_parameters(call));
    const std::string sql = sql_of(call, parameters);
    if (sql.empty()) {
        return ApiError{400, "no SQL was sent: give it as `q`, or as the body of a POST"};
    }
    if (sql.size() > call.core.options().longest_sql) {
        return ApiError{400, "the SQL is longer than this server takes"};
    }
    const std::string over = field(call, "pipeline").value_or("");
    return answer_query(call, parameters, call.access.all_fixed_parameters(),
                        [&](const QueryContext& context) { return query_sql(context, sql, over); });
}

constexpr auto kRoutes = std::to_array<Route>({{"GET", "/v0/sql", ask}, {"POST", "/v0/sql", ask}});

} // namespace

std::span<const Route> sql_routes() { return kRoutes; }

} // namespace birdhouse::server
