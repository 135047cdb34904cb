// /v0/datasources: what they are, and their rows. They themselves change by builds and deployments only, as
// in Forward.
#include "base/text.hpp"
#include "codec/dependencies.hpp"
#include "server/append.hpp"
#include "server/classic.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"
#include "server/staging.hpp"
#include "target/sql_text.hpp"

#include <array>
#include <map>
#include <set>
#include <variant>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;
using model::Datasource;

constexpr std::string_view kDatafile = ".datasource";
constexpr std::string_view kByDeployment =
    "Adding or modifying data sources to this workspace can only be done via deployments";

Json columns_of(const Datasource& datasource) {
    Json all = Json::array();
    for (const model::Column& column : datasource.columns) {
        all.push_back(
            {{"name", column.name},
             {"type", column.type},
             {"codec", column.codec ? Json(*column.codec) : Json(nullptr)},
             {"default_value",
              column.default_expression ? Json("DEFAULT " + *column.default_expression) : Json(nullptr)},
             {"jsonpath", column.json_path ? Json(*column.json_path) : Json(nullptr)},
             {"nullable", column.type.starts_with("Nullable(")},
             {"normalized_name", column.name}});
    }
    return all;
}

std::string sql_schema(const Datasource& datasource) {
    std::vector<std::string> columns;
    for (const model::Column& column : datasource.columns) {
        columns.push_back("`" + column.name + "` " + column.type +
                          (column.json_path ? " `json:" + *column.json_path + "`" : "") +
                          (column.default_expression ? " DEFAULT " + *column.default_expression : ""));
    }
    return join(columns, ", ");
}

struct Sizes {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t quarantined = 0;
};

std::uint64_t number_of(std::string_view text) {
    return std::strtoull(std::string(text).c_str(), nullptr, 10);
}

std::map<std::string, Sizes> sizes_of(const Deployed& deployed, target::SqlChannel& engine) {
    const std::array<target::Parameter, 1> database = {
        target::Parameter{"database", target::escape_tsv(deployed.database)}};
    const Result<target::QueryResult> found =
        engine.query("SELECT name, ifNull(total_rows, 0), ifNull(total_bytes, 0) FROM system.tables "
                     "WHERE database = {database:String}",
                     "TSV", database);
    std::map<std::string, Sizes> sizes;
    if (!found) {
        return sizes;
    }
    constexpr std::string_view kQuarantine = "_quarantine";
    for (const std::vector<std::string>& row : target::parse_tsv(found->bytes)) {
        sizes[row.at(0)].rows = number_of(row.at(1));
        sizes[row.at(0)].bytes = number_of(row.at(2));
        if (row.at(0).ends_with(kQuarantine)) {
            sizes[row.at(0).substr(0, row.at(0).size() - kQuarantine.size())].quarantined =
                number_of(row.at(1));
        }
    }
    return sizes;
}

// The pipes whose nodes name a datasource, by its name: those that the token may see.
std::map<std::string, std::set<std::string>> readers_of(const Content& content, const Call& call) {
    Diagnostics ignored; // a build let these pipes in
    std::map<std::string, std::set<std::string>> readers;
    for (const codec::Dependency& one : codec::find_dependencies(content.project, ignored)) {
        const auto* read = one.table ? std::get_if<codec::DatasourceTable>(&*one.table) : nullptr;
        if (read != nullptr && call.access.may(ScopeKind::PipesRead, one.pipe->name)) {
            readers[read->datasource->name].insert(one.pipe->name);
        }
    }
    return readers;
}

Json used_by(const std::set<std::string>& pipes, const Call& call) {
    Json list = Json::array();
    for (const std::string& pipe : pipes) {
        list.push_back({{"id", resource_id(*call.workspace, pipe)}, {"name", pipe}});
    }
    return list;
}

bool sees_all(const Datasource& datasource, const Call& call) {
    return call.access.row_filter(datasource.name).empty();
}

// How many rows there are is no business of who sees some of them.
Json statistics_of(const Datasource& datasource, const Call& call, const Sizes& sizes) {
    return sees_all(datasource, call) ? Json{{"bytes", sizes.bytes}, {"row_count", sizes.rows}}
                                      : Json{{"bytes", nullptr}, {"row_count", nullptr}};
}

Json json_of(const Datasource& datasource, const Call& call, const Sizes& sizes,
             const std::set<std::string>& readers) {
    const model::TableEngine& engine = datasource.engine;
    return {{"id", resource_id(*call.workspace, datasource.name)},
            {"name", datasource.name},
            {"description", datasource.description},
            {"cluster", "local"},
            {"tags", Json::object()},
            {"created_at", call.workspace->created_at},
            {"updated_at", call.workspace->created_at},
            {"replicated", false},
            {"version", 0},
            {"project", nullptr},
            {"headers", Json::object()},
            {"shared_with", datasource.shared_with},
            {"engine",
             {{"engine", engine.kind},
              {"engine_sorting_key", engine.sorting_key},
              {"engine_partition_key", engine.partition_key},
              {"engine_primary_key", engine.primary_key},
              {"sorting_key", engine.sorting_key},
              {"partition_key", engine.partition_key},
              {"primary_key", engine.primary_key},
              {"ttl", engine.ttl}}},
            {"columns", columns_of(datasource)},
            {"schema", {{"columns", columns_of(datasource)}, {"sql_schema", sql_schema(datasource)}}},
            {"type", model::takes_events(datasource) ? "ndjson" : "csv"},
            {"statistics", statistics_of(datasource, call, sizes)},
            {"new_columns_detected", Json::object()},
            {"quarantine_rows", sees_all(datasource, call) ? Json(sizes.quarantined) : Json(nullptr)},
            {"used_by", used_by(readers, call)},
            {"indexes", Json::array()}};
}

RouteAnswer list_datasources(const Call& call) {
    TRY_ASSIGN(const EnginePool::Lease engine, call.core.engine().lease(EngineUse::Write));
    std::map<std::string, Sizes> sizes = sizes_of(deployed_of(call), *engine);
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    std::map<std::string, std::set<std::string>> readers = readers_of(*content, call);
    const std::optional<std::string> attributes = net::find(call.request.query, "attrs");
    Json list = Json::array();
    for (const Datasource& datasource : content->project.datasources) {
        if (!call.access.may(ScopeKind::DatasourcesRead, datasource.name)) {
            continue;
        }
        const Json json = json_of(datasource, call, sizes[datasource.name], readers[datasource.name]);
        Json kept = Json::object();
        for (const std::string_view name : split(attributes.value_or(""), ',')) {
            const auto found = json.find(std::string(trim(name)));
            if (found != json.end()) {
                kept[found.key()] = *found;
            }
        }
        list.push_back(attributes ? kept : json);
    }
    return json_answer({{"datasources", list}});
}

RouteAnswer get_datasource(const Call& call) {
    std::string name = call.path.front();
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const bool as_file = name.ends_with(kDatafile) || field(call, "format").value_or("") == "datasource";
    name.resize(name.size() - (name.ends_with(kDatafile) ? kDatafile.size() : 0));
    const Datasource* datasource = find_datasource(*content, *call.workspace, name);
    if (datasource == nullptr) {
        return no_such_datasource(name);
    }
    TRY(require(call, ScopeKind::DatasourcesRead, datasource->name));
    if (as_file) {
        const Datafile* file = find_file(*content, datasource->name, kDatafile);
        return file == nullptr ? RouteAnswer(no_such_datasource(name)) : text_answer(file->text);
    }
    TRY_ASSIGN(const EnginePool::Lease engine, call.core.engine().lease(EngineUse::Write));
    std::map<std::string, Sizes> sizes = sizes_of(deployed_of(call), *engine);
    std::map<std::string, std::set<std::string>> readers = readers_of(*content, call);
    return json_answer(json_of(*datasource, call, sizes[datasource->name], readers[datasource->name]));
}

RouteAnswer post_datasource(const Call& call) {
    const std::string name = field(call, "name").value_or("");
    const std::string mode = field(call, "mode").value_or("create");
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const Datasource* datasource = find_datasource(*content, *call.workspace, name);
    if (call.core.options().classic && mode == "create") {
        return classic_create_datasource(call);
    }
    if (datasource == nullptr || mode == "create") {
        return ApiError{403, std::string(kByDeployment)};
    }
    if (field(call, "url")) { // clients wait for a job then
        return import_file(call, *datasource, mode);
    }
    TRY(require(call, ScopeKind::DatasourcesAppend, datasource->name));
    TRY_ASSIGN(const AppendRequest request, read_append(call, mode));
    TRY_ASSIGN(const AppendCounts counts, append_file(call, *datasource, request));
    const std::string import_id = call.core.new_id("");
    const std::string fault = text_of(counts);
    return json_answer(
        {{"import_id", import_id},
         {"datasource", {{"id", resource_id(*call.workspace, name)}, {"name", datasource->name}}},
         {"successful_rows", counts.successful},
         {"quarantined_rows", counts.quarantined},
         {"quarantine_rows", counts.quarantined},
         {"invalid_lines", counts.invalid_lines},
         {"error", fault.empty() ? Json(false) : Json(fault)}});
}

RouteAnswer refuse_change(const Call&) { return ApiError{403, std::string(kByDeployment)}; }

RouteAnswer alter(const Call& call) {
    return call.core.options().classic ? classic_alter(call) : refuse_change(call);
}

RouteAnswer drop_datasource(const Call& call) {
    return call.core.options().classic ? classic_drop_datasource(call) : refuse_change(call);
}

RouteAnswer list_connectors(const Call& call) {
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    Json list = Json::array();
    for (const model::Connection& connection : content->project.connections) {
        list.push_back({{"id", resource_id(*call.workspace, connection.name)},
                        {"service", connection.type},
                        {"name", connection.name},
                        {"linkers", Json::array()},
                        {"settings", Json::object()}});
    }
    return json_answer({{"connectors", list}});
}

RouteAnswer get_connector(const Call& call) {
    constexpr std::string_view kConnection = ".connection";
    TRY(require(call, ScopeKind::Admin, ""));
    std::string name = call.path.front();
    name.resize(name.size() - (name.ends_with(kConnection) ? kConnection.size() : 0));
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const Datafile* file = find_file(*content, name, kConnection);
    return file == nullptr ? RouteAnswer(ApiError{404, "Connection '" + name + "' not found"})
                           : text_answer(file->text);
}

constexpr auto kRoutes = std::to_array<Route>({{"GET", "/v0/datasources", list_datasources},
                                               {"POST", "/v0/datasources", post_datasource, true, true},
                                               {"GET", "/v0/datasources/*", get_datasource},
                                               {"PUT", "/v0/datasources/*", refuse_change},
                                               {"DELETE", "/v0/datasources/*", drop_datasource, true, true},
                                               {"POST", "/v0/datasources/*/alter", alter, true, true},
                                               {"GET", "/v0/connectors", list_connectors},
                                               {"GET", "/v0/connectors/*", get_connector}});

} // namespace

const Datasource* find_datasource(const Content& content, const Workspace& workspace,
                                  std::string_view name_or_id) {
    for (const Datasource& datasource : content.project.datasources) {
        if (datasource.name == name_or_id || resource_id(workspace, datasource.name) == name_or_id) {
            return &datasource;
        }
    }
    return nullptr;
}

ApiError no_such_datasource(std::string_view name) {
    return {404, "Data Source \"" + std::string(name) + "\" does not exist"};
}

std::span<const Route> datasource_routes() { return kRoutes; }

} // namespace birdhouse::server
