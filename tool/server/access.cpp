#include "server/access.hpp"

#include "base/base64.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

struct ScopeName {
    std::string_view text;
    ScopeKind kind;
};

constexpr auto kScopeNames = std::to_array<ScopeName>({
    {"ADMIN", ScopeKind::Admin},
    {"TOKENS", ScopeKind::Tokens},
    {"DATASOURCES:CREATE", ScopeKind::DatasourcesCreate},
    {"DATASOURCES:READ", ScopeKind::DatasourcesRead},
    {"DATASOURCES:APPEND", ScopeKind::DatasourcesAppend},
    {"DATASOURCES:DROP", ScopeKind::DatasourcesDrop},
    {"PIPES:CREATE", ScopeKind::PipesCreate},
    {"PIPES:READ", ScopeKind::PipesRead},
    {"PIPES:DROP", ScopeKind::PipesDrop},
    {"WORKSPACE:READ_ALL", ScopeKind::WorkspaceReadAll},
});

ApiError invalid_token() { return {403, "invalid authentication token. Did you copy the whole of it?"}; }

std::optional<Json> parse_part(std::string_view part) {
    const std::optional<std::string> text = decode_base64url(part);
    Json json = text ? Json::parse(*text, nullptr, false) : Json(Json::value_t::discarded);
    return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

std::string text_at(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<Scope> scope_of(const Json& json) {
    if (!json.is_object()) {
        return std::nullopt;
    }
    std::optional<Scope> scope = parse_scope(text_at(json, "type"));
    if (!scope || !scope->resource.empty()) { // the resource has a field of its own
        return std::nullopt;
    }
    scope->resource = text_at(json, "resource");
    scope->filter = text_at(json, "filter");
    const bool can_filter = scope->kind == ScopeKind::DatasourcesRead && !scope->resource.empty();
    if (json.contains("filter") && (scope->filter.empty() || !can_filter)) {
        return std::nullopt; // what it means is not known: it gives nothing
    }
    const auto fixed = json.find("fixed_params");
    if (fixed != json.end() && fixed->is_object()) {
        for (const auto& [name, value] : fixed->items()) {
            scope->fixed_parameters.emplace_back(name,
                                                 value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    return scope;
}

} // namespace

std::string_view to_string(ScopeKind kind) {
    const auto* const found = std::find_if(kScopeNames.begin(), kScopeNames.end(),
                                           [&](const ScopeName& name) { return name.kind == kind; });
    return found->text;
}

std::optional<Scope> parse_scope(std::string_view text) {
    for (const ScopeName& name : kScopeNames) {
        if (text == name.text) {
            return Scope{name.kind, "", {}, ""};
        }
        if (text.starts_with(name.text) && text.size() > name.text.size() && text[name.text.size()] == ':') {
            const std::string_view rest = text.substr(name.text.size() + 1);
            const std::size_t colon = rest.find(':');
            const bool has_filter = colon != std::string_view::npos;
            Scope scope{name.kind, std::string(rest.substr(0, colon)), {}, ""};
            scope.filter = has_filter ? rest.substr(colon + 1) : "";
            const bool is_good = !has_filter || (name.kind == ScopeKind::DatasourcesRead &&
                                                 !scope.resource.empty() && !scope.filter.empty());
            return is_good ? std::optional(std::move(scope)) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<Scope> read_scope(std::string_view json) { return scope_of(Json::parse(json, nullptr, false)); }

std::string to_string(const Scope& scope) {
    const std::string kind(to_string(scope.kind));
    return kind + (scope.resource.empty() ? "" : ":" + scope.resource) +
           (scope.filter.empty() ? "" : ":" + scope.filter);
}

bool Access::has(ScopeKind kind, std::string_view resource) const {
    return std::any_of(scopes_.begin(), scopes_.end(), [&](const Scope& scope) {
        return scope.kind == kind && (scope.resource.empty() || scope.resource == resource);
    });
}

bool Access::may(ScopeKind kind, std::string_view resource) const {
    const bool reads = kind == ScopeKind::DatasourcesRead || kind == ScopeKind::PipesRead;
    return is_admin() || has(kind, resource) || (reads && has(ScopeKind::WorkspaceReadAll, ""));
}

std::vector<std::pair<std::string, std::string>> Access::fixed_parameters(std::string_view pipe) const {
    for (const Scope& scope : scopes_) {
        if (scope.kind == ScopeKind::PipesRead && (scope.resource.empty() || scope.resource == pipe)) {
            return scope.fixed_parameters;
        }
    }
    return {};
}

std::vector<std::pair<std::string, std::string>> Access::all_fixed_parameters() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const Scope& scope : scopes_) {
        if (scope.kind == ScopeKind::PipesRead) {
            all.insert(all.end(), scope.fixed_parameters.begin(), scope.fixed_parameters.end());
        }
    }
    return all;
}

std::string Access::row_filter(std::string_view datasource) const {
    std::string filter;
    if (is_admin() || has(ScopeKind::WorkspaceReadAll, "")) {
        return filter;
    }
    for (const Scope& scope : scopes_) {
        const bool is_meant = scope.kind == ScopeKind::DatasourcesRead &&
                              (scope.resource.empty() || scope.resource == datasource);
        if (is_meant && scope.filter.empty()) {
            return {};
        }
        filter += is_meant ? (filter.empty() ? "(" : " OR (") + scope.filter + "\n)" : "";
    }
    return filter;
}

std::string make_token_text(std::string_view workspace_id, std::string_view token_id,
                            std::string_view entropy) {
    const Json claims = {{"u", workspace_id}, {"id", token_id}, {"host", "local"}};
    return "p." + encode_base64url(claims.dump()) + "." + encode_base64url(entropy);
}

std::string sign_jwt(std::string_view claims, std::string_view key) {
    const std::string body =
        encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + encode_base64url(claims);
    return body + "." + encode_base64url(hmac_sha256(key, body));
}

ApiResult<JwtClaims> read_jwt(std::string_view token, std::string_view key, std::int64_t now) {
    const std::vector<std::string_view> parts = split(token, '.');
    if (parts.size() != 3) {
        return invalid_token();
    }
    const std::string_view body = token.substr(0, parts[0].size() + 1 + parts[1].size());
    const std::optional<std::string> signature = decode_base64url(parts[2]);
    const std::optional<Json> header = parse_part(parts[0]);
    const std::optional<Json> claims = parse_part(parts[1]);
    // The header is not asked how to check: only one way is served.
    if (!signature || !header || !claims || text_at(*header, "alg") != "HS256" ||
        !equal_in_constant_time(*signature, hmac_sha256(key, body))) {
        return invalid_token();
    }
    const auto expires = claims->find("exp");
    if (expires == claims->end() || !expires->is_number_integer() || expires->get<std::int64_t>() <= now) {
        return ApiError{403, "the token has expired"};
    }
    JwtClaims read{text_at(*claims, "workspace_id"), text_at(*claims, "name"), {}};
    const auto scopes = claims->find("scopes");
    if (scopes == claims->end() || !scopes->is_array()) {
        return invalid_token();
    }
    for (const Json& one : *scopes) {
        std::optional<Scope> scope = scope_of(one);
        if (!scope || scope->kind == ScopeKind::Admin) {
            return ApiError{403, "the token has a scope that is not served here"};
        }
        read.scopes.push_back(std::move(*scope));
    }
    return read;
}

std::string workspace_of_jwt(std::string_view token) {
    const std::vector<std::string_view> parts = split(token, '.');
    const std::optional<Json> claims = parts.size() == 3 ? parse_part(parts[1]) : std::nullopt;
    return claims ? text_at(*claims, "workspace_id") : std::string();
}

} // namespace birdhouse::server
