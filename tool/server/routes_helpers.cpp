// What clients ask beside resources and rows: how a query is written and made, what reads what, whether the
// server is there.
#include "base/text.hpp"
#include "codec/dependencies.hpp"
#include "server/json_answer.hpp"
#include "server/query_request.hpp"
#include "server/routes.hpp"
#include "server/staging.hpp"
#include "syntax/sql_outline.hpp"
#include "target/sql_text.hpp"

#include <array>
#include <set>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;
using model::NodeType;
using model::Pipe;

RouteAnswer health(const Call&) { return json_answer({{"status", "ok"}}); }

ApiResult<std::string> asked_sql(const Call& call) {
    const std::string sql = field(call, "q").value_or("");
    if (trim(sql).empty() || sql.size() > call.core.options().longest_sql) {
        return ApiError{400, "the parameter `q` is missing, or longer than this server takes"};
    }
    return sql;
}

// The text as the engine writes it; nothing of it runs.
RouteAnswer sql_format_of(const Call& call) {
    TRY_ASSIGN(const std::string sql, asked_sql(call));
    const std::array<target::Parameter, 1> bound = {target::Parameter{"sql", target::escape_tsv(sql)}};
    TRY_ASSIGN(const EnginePool::Lease engine, call.core.engine().lease(EngineUse::Read));
    const Result<target::QueryResult> written =
        engine->query("SELECT formatQuery({sql:String})", "TSVRaw", bound);
    return written ? RouteAnswer(json_answer({{"q", trim(written->bytes)}}))
                   : RouteAnswer(ApiError{400, "[Error] " + written.error().message});
}

// As [database, name], the database empty for resources of the workspace.
RouteAnswer sql_tables(const Call& call) {
    TRY_ASSIGN(const std::string sql, asked_sql(call));
    std::set<std::pair<std::string, std::string>> named;
    for (const syntax::SqlTable& table : syntax::outline_sql(sql).tables) {
        named.emplace(table.database, table.name);
    }
    Json tables = Json::array();
    for (const auto& [database, name] : named) {
        tables.push_back(Json::array({database, name}));
    }
    return json_answer({{"tables", tables}});
}

// Datasources that materialised views fill out of `datasource`, whatever lies between.
void add_fed(const std::vector<codec::Dependency>& all, const std::string& datasource,
             std::set<std::string>& fed) {
    for (const codec::Dependency& one : all) {
        const auto* read = one.table ? std::get_if<codec::DatasourceTable>(&*one.table) : nullptr;
        const model::Node* node = model::published_node(*one.pipe);
        const bool feeds = read != nullptr && read->datasource->name == datasource && node != nullptr &&
                           node->type == NodeType::Materialized;
        if (feeds && fed.insert(one.pipe->target_datasource).second) {
            add_fed(all, one.pipe->target_datasource, fed);
        }
    }
}

RouteAnswer dependencies(const Call& call) {
    TRY(require(call, ScopeKind::WorkspaceReadAll, ""));
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const std::string name = field(call, "datasource").value_or("");
    const model::Datasource* datasource = find_datasource(*content, *call.workspace, name);
    if (datasource == nullptr) {
        return no_such_datasource(name);
    }
    Diagnostics ignored; // a build let these pipes in
    std::set<std::string> fed;
    add_fed(codec::find_dependencies(content->project, ignored), datasource->name, fed);
    Json list = Json::object();
    for (const std::string& one : fed) {
        list[one] = Json::array();
    }
    return json_answer({{"dependencies", list}, {"incompatible_datasources", Json::object()}});
}

// One answer of several lines.
RouteAnswer explain_node(const Call& call, const std::string& name, const std::string& node_name) {
    TRY(require(call, ScopeKind::PipesRead, name));
    TRY_ASSIGN(const RequestParameters parameters, read_parameters(call));
    const auto ask = [&](const QueryContext& context) -> ApiResult<QueryAnswer> {
        const Pipe* pipe = model::find_pipe(context.content.project, name);
        const model::Node* node = pipe == nullptr     ? nullptr
                                  : node_name.empty() ? model::result_node(*pipe)
                                                      : model::find_node(*pipe, node_name);
        if (node == nullptr) {
            return ApiError{404, "Pipe '" + printable(name) + "' not found, or no such node in it"};
        }
        TRY_ASSIGN(const ComposedQuery query, compose_node(context, *pipe, *node));
        const Result<target::QueryResult> plan =
            context.channel.query("EXPLAIN " + query.sql, "TSVRaw", query.bound);
        if (!plan) {
            return ApiError{400, "[Error] " + without_database(plan.error().message, context.database)};
        }
        const Json answer = {{"debug_query", without_database(query.sql, context.database)},
                             {"query_explain", without_database(plan->bytes, context.database)}};
        return QueryAnswer{answer.dump(-1, ' ', false, Json::error_handler_t::replace), kJsonType};
    };
    return answer_query(call, parameters, call.access.fixed_parameters(name), ask);
}

RouteAnswer explain_pipe(const Call& call) { return explain_node(call, call.path.front(), ""); }
RouteAnswer explain_one(const Call& call) { return explain_node(call, call.path.front(), call.path.back()); }

constexpr auto kRoutes = std::to_array<Route>({{"GET", "/v0/health", health, false},
                                               {"GET", "/v0/sql_format", sql_format_of},
                                               {"POST", "/v0/sql_format", sql_format_of},
                                               {"GET", "/v0/sql_tables", sql_tables},
                                               {"POST", "/v0/sql_tables", sql_tables},
                                               {"GET", "/v0/dependencies", dependencies},
                                               {"GET", "/v0/pipes/*/explain", explain_pipe},
                                               {"GET", "/v0/pipes/*/nodes/*/explain", explain_one}});

} // namespace

std::span<const Route> helper_routes() { return kRoutes; }

} // namespace birdhouse::server
