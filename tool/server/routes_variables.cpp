// /v0/variables: the secrets that templates ask for. Their values are written, and never told.
#include "server/json_answer.hpp"
#include "server/routes.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostVariables = 100;

Json json_of(const std::string& name, const Variable& variable) {
    return {{"name", name},
            {"type", "secret"},
            {"created_at", variable.created_at},
            {"updated_at", variable.updated_at},
            {"edited_by", "local"}};
}

RouteAnswer list_variables(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    Json list = Json::array();
    const std::scoped_lock lock(call.workspace->mutex);
    for (const auto& [name, variable] : call.workspace->variables) {
        list.push_back(json_of(name, variable));
    }
    return json_answer({{"variables", list}});
}

RouteAnswer get_variable(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const std::scoped_lock lock(call.workspace->mutex);
    const auto found = call.workspace->variables.find(call.path.front());
    return found == call.workspace->variables.end() ? RouteAnswer(ApiError{404, "Not found"})
                                                    : json_answer(json_of(found->first, found->second));
}

RouteAnswer make_variable(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const std::string name = field(call, "name").value_or("");
    const std::optional<std::string> value = field(call, "value");
    if (name.empty() || !value) {
        return ApiError{400, "a variable needs `name` and `value`"};
    }
    const std::string stamp = call.core.stamp();
    const std::scoped_lock lock(call.workspace->mutex);
    if (call.workspace->variables.size() >= kMostVariables) {
        return ApiError{400, "a workspace holds at most 100 variables"};
    }
    const auto [made, is_new] = call.workspace->variables.try_emplace(name, Variable{*value, stamp, stamp});
    return is_new ? json_answer(json_of(made->first, made->second))
                  : RouteAnswer(ApiError{409, "a variable called '" + name + "' exists already"});
}

RouteAnswer change_variable(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const std::optional<std::string> value = field(call, "value");
    const std::scoped_lock lock(call.workspace->mutex);
    const auto found = call.workspace->variables.find(call.path.front());
    if (found == call.workspace->variables.end()) {
        return ApiError{404, "Variable not found"};
    }
    if (!value) {
        return ApiError{400, "the parameter `value` is missing"};
    }
    found->second.value = *value;
    found->second.updated_at = call.core.stamp();
    return json_answer(json_of(found->first, found->second));
}

RouteAnswer drop_variable(const Call& call) {
    TRY(require(call, ScopeKind::Admin, ""));
    const std::scoped_lock lock(call.workspace->mutex);
    const auto found = call.workspace->variables.find(call.path.front());
    if (found == call.workspace->variables.end()) {
        return ApiError{404, "Variable not found"};
    }
    call.workspace->variables.erase(found);
    return json_answer({{"ok", true}});
}

constexpr auto kRoutes = std::to_array<Route>({{"GET", "/v0/variables", list_variables},
                                               {"POST", "/v0/variables", make_variable, true, true},
                                               {"GET", "/v0/variables/*", get_variable},
                                               {"PUT", "/v0/variables/*", change_variable, true, true},
                                               {"DELETE", "/v0/variables/*", drop_variable, true, true}});

} // namespace

std::span<const Route> variable_routes() { return kRoutes; }

} // namespace birdhouse::server
