#include "server/server.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"
#include "server/workspace_build.hpp"

#include <array>

namespace birdhouse::server {

namespace {

using RouteList = std::span<const Route> (*)();

constexpr auto kLists = std::to_array<RouteList>({workspace_routes, token_routes, variable_routes,
                                                  event_routes, datasource_routes, row_routes, analyze_routes,
                                                  openapi_routes, pipe_routes, sql_routes, helper_routes,
                                                  build_routes, job_routes, copy_routes, refused_routes});

// Empty segments do not count: `/v0/pipes/` is `/v0/pipes`.
std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> all;
    for (const std::string_view segment : split(path, '/')) {
        if (!segment.empty()) {
            all.push_back(segment);
        }
    }
    return all;
}

std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string_view>& path) {
    const std::vector<std::string_view> wanted = segments(pattern);
    if (wanted.size() != path.size()) {
        return std::nullopt;
    }
    std::vector<std::string> taken;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == "*") {
            taken.emplace_back(path[i]);
        } else if (wanted[i] != path[i]) {
            return std::nullopt;
        }
    }
    return taken;
}

struct Found {
    const Route* route = nullptr; // null: no route has the path, or none of them the method
    std::vector<std::string> taken;
    bool path_is_known = false;
};

// A route without `*` wins: /v0/pipes/openapi.json is no pipe.
Found find_route(const net::HttpRequest& request) {
    const std::vector<std::string_view> path = segments(request.path);
    Found found;
    for (const RouteList list : kLists) {
        for (const Route& route : list()) {
            const std::optional<std::vector<std::string>> taken = match(route.pattern, path);
            if (!taken) {
                continue;
            }
            found.path_is_known = true;
            const bool better = found.route == nullptr || taken->size() < found.taken.size();
            if (route.method == request.method && better) {
                found.route = &route;
                found.taken = *taken;
            }
        }
    }
    return found;
}

std::string token_of(const net::HttpRequest& request) {
    constexpr std::string_view kBearer = "bearer ";
    const std::string header = net::find(request.headers, "authorization").value_or("");
    if (to_lower_ascii(std::string_view(header).substr(0, kBearer.size())) == kBearer) {
        return std::string(trim(std::string_view(header).substr(kBearer.size())));
    }
    return net::find(request.query, "token").value_or("");
}

// Whoever can make a browser send a request to this machine must not learn its tokens: neither a page of
// another origin, nor one whose name was made to lead here.
bool names_this_machine(const net::HttpRequest& request) {
    const std::string host = net::find(request.headers, "host").value_or("");
    const std::string_view name = std::string_view(host).substr(0, host.rfind(':'));
    return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
}

// Events and endpoints are asked for by pages in browsers, from any origin: the token is what guards them.
void allow_browsers(net::HttpResponse& response) {
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS");
    response.headers.emplace_back("Access-Control-Allow-Headers",
                                  "Authorization, Content-Type, Content-Encoding, Accept");
}

ApiResult<net::HttpResponse> answer(const net::HttpRequest& request, Core& core) {
    const Found found = find_route(request);
    if (found.route == nullptr) {
        const std::string what = request.method + " " + printable(request.path);
        return found.path_is_known ? ApiError{405, what + " is not served: another method is"}
                                   : ApiError{404, what + " is not served"};
    }
    if (!found.route->needs_token) {
        if (!names_this_machine(request)) {
            return ApiError{403, "without a token this is answered to `localhost` and `127.0.0.1` only"};
        }
        return found.route->answer({request, found.taken, core, core.default_workspace(), Access({}), false});
    }
    TRY_ASSIGN(Core::Caller caller, core.caller(token_of(request)));
    ApiResult<net::HttpResponse> answered = found.route->answer(
        {request, found.taken, core, caller.workspace, std::move(caller.access), caller.is_user});
    if (answered && found.route->changes_state) {
        TRY(core.save());
    }
    return answered;
}

// Of a row that does not convert the engine quotes the value, which no log may hold; its name for the fault
// says enough.
std::string without_values(const std::string& refusal) {
    const std::size_t name = refusal.rfind(" (");
    return refusal.starts_with(kMigrationFailed) && name != std::string::npos
               ? std::string(kMigrationFailed) + "rows do not convert" + refusal.substr(name)
               : refusal;
}

} // namespace

Result<BuildChanges> Server::load(std::vector<Datafile> files, std::vector<FileProblem>& problems) {
    TRY_ASSIGN(const BuildOutcome outcome, build_workspace(core_, *core_.default_workspace(),
                                                           {std::move(files), BuildKind::Build, true}));
    problems = outcome.problems;
    for (const std::string& refusal : outcome.refusals) {
        problems.push_back({"", without_values(refusal)});
    }
    TRY(core_.save());
    return outcome.changes;
}

net::HttpResponse Server::handle(const net::HttpRequest& request) {
    net::HttpResponse response;
    if (request.method == "OPTIONS") {
        response.status = 204;
    } else {
        ApiResult<net::HttpResponse> answered = answer(request, core_);
        response = answered ? std::move(answered).value() : error_answer(answered.error());
    }
    if (!token_of(request).empty() || request.method == "OPTIONS") {
        allow_browsers(response);
    }
    return response;
}

std::optional<std::string> field(const Call& call, std::string_view name) {
    if (std::optional<std::string> value = net::find(call.request.query, name)) {
        return value;
    }
    for (const net::FormPart& part : call.request.parts) {
        if (part.name == name && part.filename.empty()) {
            return part.content;
        }
    }
    const std::string type = net::find(call.request.headers, "content-type").value_or("");
    return type.starts_with("application/x-www-form-urlencoded")
               ? net::find(net::parse_form(call.request.body), name)
               : std::nullopt;
}

net::Fields all_fields(const Call& call) {
    net::Fields fields = call.request.query;
    const std::string type = net::find(call.request.headers, "content-type").value_or("");
    if (type.starts_with("application/x-www-form-urlencoded")) {
        const net::Fields more = net::parse_form(call.request.body);
        fields.insert(fields.end(), more.begin(), more.end());
    }
    return fields;
}

std::string resource_id(const Workspace& workspace, std::string_view name) {
    return "t_" + sha256(workspace.id + "/" + std::string(name)).substr(0, 32);
}

std::string node_id(const Workspace& workspace, std::string_view pipe, std::string_view node) {
    return resource_id(workspace, std::string(pipe) + "/" + std::string(node));
}

ApiStatus require(const Call& call, ScopeKind kind, std::string_view resource) {
    if (call.access.may(kind, resource)) {
        return Done{};
    }
    const std::string scope = to_string(Scope{kind, std::string(resource), {}, ""});
    return ApiError{403, "the token lacks the scope " + scope};
}

} // namespace birdhouse::server
