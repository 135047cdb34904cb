// /v0/tokens: static tokens, and JWTs signed with the workspace's admin token.
#include "base/hash.hpp"
#include "base/text.hpp"
#include "server/append.hpp"
#include "server/classic.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Token& token) {
    Json scopes = Json::array();
    for (const Scope& scope : token.scopes) {
        Json one = {{"type", to_string(scope.kind)}};
        if (!scope.resource.empty()) {
            one["resource"] = scope.resource;
        }
        if (!scope.filter.empty()) {
            one["filter"] = scope.filter;
        }
        scopes.push_back(std::move(one));
    }
    return {{"id", token.id},     {"token", token.text},
            {"name", token.name}, {"description", token.description},
            {"scopes", scopes},   {"origin", {{"type", "C"}}},
            {"host", "local"},    {"is_internal", false}};
}

RouteAnswer list_tokens(const Call& call) {
    TRY(require(call, ScopeKind::Tokens, ""));
    Json list = Json::array();
    const std::scoped_lock lock(call.workspace->mutex);
    for (const Token& token : call.workspace->tokens) {
        list.push_back(json_of(token));
    }
    return json_answer({{"tokens", list}});
}

// By name or id; the caller holds the workspace's mutex.
std::vector<Token>::iterator find_token(Workspace& workspace, std::string_view name_or_id) {
    return std::find_if(workspace.tokens.begin(), workspace.tokens.end(), [&](const Token& token) {
        return token.name == name_or_id || token.id == name_or_id;
    });
}

ApiError unknown_token() {
    return {403, "Token has not enough permissions to get information about this token"};
}

// The one that the path names; the caller holds the workspace's mutex.
ApiResult<std::vector<Token>::iterator> token_to_change(const Call& call) {
    const auto found = find_token(*call.workspace, call.path.front());
    if (found == call.workspace->tokens.end()) {
        return unknown_token();
    }
    if (found == call.workspace->tokens.begin()) {
        return ApiError{403, "the workspace's admin token stays"};
    }
    return found;
}

RouteAnswer get_token(const Call& call) {
    TRY(require(call, ScopeKind::Tokens, ""));
    std::string name = call.path.front();
    const bool as_text = name.ends_with(".token");
    name.resize(name.size() - (as_text ? std::string_view(".token").size() : 0));
    const std::scoped_lock lock(call.workspace->mutex);
    const auto found = find_token(*call.workspace, name);
    if (found == call.workspace->tokens.end()) {
        return unknown_token();
    }
    return as_text ? text_answer(found->text) : json_answer(json_of(*found));
}

// A token gives no more than its maker has: no right, and no row.
ApiStatus may_give(const Call& call, const Scope& scope) {
    const bool may = call.access.is_admin() ||
                     (scope.kind != ScopeKind::Admin && call.access.may(scope.kind, scope.resource) &&
                      call.access.row_filter(scope.resource).empty());
    if (!may) {
        return ApiError{403, "the token cannot give the scope " + to_string(scope)};
    }
    return scope.filter.empty() ? ApiStatus(Done{}) : check_filter(scope.filter);
}

ApiResult<Scope> scope_to_give(const Call& call, std::string_view text) {
    const std::optional<Scope> scope = parse_scope(text);
    if (!scope) {
        return ApiError{400, "the scope `" + printable(text) + "` is not served"};
    }
    if (!scope->filter.empty() && !call.core.options().classic) {
        return ApiError{400, "static tokens with row filters are of Tinybird Classic workspaces: give the "
                             "filter to a JWT"};
    }
    TRY(may_give(call, *scope));
    return *scope;
}

RouteAnswer make_static(const Call& call) {
    Token token;
    token.name = field(call, "name").value_or("");
    if (token.name.empty()) {
        return ApiError{400, "the parameter `name` is missing"};
    }
    token.description = field(call, "description").value_or("");
    for (const auto& [name, value] : all_fields(call)) {
        if (name == "scope") {
            TRY_ASSIGN(Scope scope, scope_to_give(call, value));
            token.scopes.push_back(std::move(scope));
        }
    }
    Token made = call.core.new_token(*call.workspace, token.name, token.scopes);
    made.description = token.description;
    {
        const std::scoped_lock lock(call.workspace->mutex);
        if (find_token(*call.workspace, made.name) != call.workspace->tokens.end()) {
            return ApiError{409, "a token called '" + made.name + "' exists already"};
        }
        call.workspace->tokens.push_back(made);
    }
    if (call.core.options().classic) {
        TRY(classic_follow_tokens(call));
    }
    return json_answer(json_of(made));
}

// Its scopes are those of the request; its text stays, so who has it goes on using it.
RouteAnswer change_token(const Call& call) {
    TRY(require(call, ScopeKind::Tokens, ""));
    std::vector<Scope> scopes;
    for (const auto& [name, value] : all_fields(call)) {
        if (name == "scope") {
            TRY_ASSIGN(Scope scope, scope_to_give(call, value));
            scopes.push_back(std::move(scope));
        }
    }
    Token changed;
    {
        const std::scoped_lock lock(call.workspace->mutex);
        TRY_ASSIGN(const auto found, token_to_change(call));
        found->scopes = std::move(scopes);
        changed = *found;
    }
    if (call.core.options().classic) {
        TRY(classic_follow_tokens(call));
    }
    return json_answer(json_of(changed));
}

// Body: `{name, scopes: [{type, resource, fixed_params}], limits}`; older clients give the name in the query.
RouteAnswer make_jwt(const Call& call, std::string_view expiration) {
    std::int64_t expires = 0;
    const auto [rest, error] =
        std::from_chars(expiration.data(), expiration.data() + expiration.size(), expires);
    const Json body = Json::parse(call.request.body, nullptr, false);
    if (error != std::errc() || rest != expiration.data() + expiration.size() || !body.is_object() ||
        !body.contains("scopes") || !body["scopes"].is_array()) {
        return ApiError{400, "a JWT needs `expiration_time` in seconds and a body with `name` and `scopes`"};
    }
    for (const Json& scope : body["scopes"]) {
        const std::optional<Scope> wanted = read_scope(scope.dump());
        if (!wanted) {
            return ApiError{400, "a scope of the JWT is not served: it has a `type`, and a `filter` only to "
                                 "read one data source"};
        }
        TRY(may_give(call, *wanted));
    }
    const Json name = body.contains("name") ? body["name"] : Json(field(call, "name").value_or("jwt"));
    const Json claims = {
        {"workspace_id", call.workspace->id}, {"name", name}, {"exp", expires}, {"scopes", body["scopes"]}};
    const std::scoped_lock lock(call.workspace->mutex);
    return json_answer({{"token", sign_jwt(claims.dump(), call.workspace->tokens.front().text)}});
}

RouteAnswer make_token(const Call& call) {
    TRY(require(call, ScopeKind::Tokens, ""));
    const std::optional<std::string> expiration = net::find(call.request.query, "expiration_time");
    return expiration ? make_jwt(call, *expiration) : make_static(call);
}

// Another text for the same token: who has the old one is let in no more.
RouteAnswer refresh_token(const Call& call) {
    TRY(require(call, ScopeKind::Tokens, ""));
    const std::scoped_lock lock(call.workspace->mutex);
    TRY_ASSIGN(const auto found, token_to_change(call));
    found->text = make_token_text(call.workspace->id, found->id, random_bytes(32));
    return json_answer(json_of(*found));
}

RouteAnswer drop_token(const Call& call) {
    TRY(require(call, ScopeKind::Tokens, ""));
    const std::scoped_lock lock(call.workspace->mutex);
    TRY_ASSIGN(const auto found, token_to_change(call));
    call.workspace->tokens.erase(found);
    return json_answer({{"ok", true}});
}

constexpr auto kRoutes = std::to_array<Route>({{"GET", "/v0/tokens", list_tokens},
                                               {"POST", "/v0/tokens", make_token, true, true},
                                               {"GET", "/v0/tokens/*", get_token},
                                               {"PUT", "/v0/tokens/*", change_token, true, true},
                                               {"POST", "/v0/tokens/*/refresh", refresh_token, true, true},
                                               {"DELETE", "/v0/tokens/*", drop_token, true, true}});

} // namespace

std::span<const Route> token_routes() { return kRoutes; }

} // namespace birdhouse::server
