// Who may do what: tokens of a workspace, static ones and JWTs signed with its admin token.
// Sources: Tinybird's token API and SDK; docs/serve.md says what is served of it.
#pragma once

#include "server/api_result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::server {

enum class ScopeKind : std::uint8_t {
    Admin,
    Tokens,
    DatasourcesCreate,
    DatasourcesRead,
    DatasourcesAppend,
    DatasourcesDrop,
    PipesCreate,
    PipesRead,
    PipesDrop,
    WorkspaceReadAll,
};

struct Scope {
    ScopeKind kind = ScopeKind::Admin;
    std::string resource;                                              // empty: of all resources
    std::vector<std::pair<std::string, std::string>> fixed_parameters; // of a JWT: win over the request's
    std::string filter; // of DATASOURCES:READ: an expression over the rows; empty: all of them
    friend bool operator==(const Scope&, const Scope&) = default;
};

std::string_view to_string(ScopeKind kind);
// `PIPES:READ:top_models`, `DATASOURCES:READ:events:tenant = 'a'`. Nothing for an unknown kind, or a filter
// where none can be.
std::optional<Scope> parse_scope(std::string_view text);
std::string to_string(const Scope& scope);
// One scope of a JWT, as JSON.
std::optional<Scope> read_scope(std::string_view json);

struct Token {
    std::string id;
    std::string name;
    std::string text; // the secret itself
    std::string description;
    std::vector<Scope> scopes;
};

// What the holder of one token may do in one workspace.
class Access {
public:
    explicit Access(std::vector<Scope> scopes) : scopes_(std::move(scopes)) {}

    bool is_admin() const { return has(ScopeKind::Admin, ""); }
    bool may(ScopeKind kind, std::string_view resource) const;
    // Of a JWT for the pipe.
    std::vector<std::pair<std::string, std::string>> fixed_parameters(std::string_view pipe) const;
    // Of all pipes. Where two pipes fix one name to different values, the later one's stands.
    std::vector<std::pair<std::string, std::string>> all_fixed_parameters() const;
    // The rows of a datasource that its holder may see, however they are asked for: an expression, or empty
    // for all. A scope without a filter gives all, whatever other scopes say; several filters give the rows
    // of each.
    std::string row_filter(std::string_view datasource) const;
    const std::vector<Scope>& scopes() const { return scopes_; }

private:
    bool has(ScopeKind kind, std::string_view resource) const;
    std::vector<Scope> scopes_;
};

// A new token's text: three parts, the first `p`, as clients check. `entropy` is random and secret.
std::string make_token_text(std::string_view workspace_id, std::string_view token_id,
                            std::string_view entropy);

// A signed JWT (HS256) of `claims`, which are JSON.
std::string sign_jwt(std::string_view claims, std::string_view key);

struct JwtClaims {
    std::string workspace_id;
    std::string name;
    std::vector<Scope> scopes;
};
// `now` in seconds since 1970. The error tells no more than a client may know: 403 with one text.
ApiResult<JwtClaims> read_jwt(std::string_view token, std::string_view key, std::int64_t now);
// The workspace that an unverified JWT names: whose key is to be tried. Empty when it names none.
std::string workspace_of_jwt(std::string_view token);

} // namespace birdhouse::server
