#include "server/classic.hpp"

#include "base/text.hpp"
#include "codec/datafile_writer.hpp"
#include "codec/datasource_file.hpp"
#include "server/classic_alter.hpp"
#include "server/copies.hpp"
#include "server/json_answer.hpp"
#include "server/table_maker.hpp"
#include "server/workspace_build.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;
using model::Datasource;
using model::Pipe;

constexpr int kConflict = 409;
constexpr int kNotFound = 404;

using Edit = std::function<ApiStatus(const Content&, std::vector<Datafile>&)>;

// One change of the workspace at a time: each starts from what the one before left.
ApiStatus change_files(const Call& call, const Edit& edit) {
    const std::scoped_lock lock(call.workspace->changing);
    const std::shared_ptr<const Content> content = content_of(*call.workspace);
    std::vector<Datafile> files = content->files;
    TRY(edit(*content, files));
    TRY_ASSIGN(const BuildOutcome outcome,
               build_workspace(call.core, *call.workspace, {std::move(files), BuildKind::Build, true}));
    if (!outcome.problems.empty()) {
        return ApiError{400, outcome.problems.front().path + ": " + outcome.problems.front().text};
    }
    return Done{};
}

void put_file(std::vector<Datafile>& files, const std::string& folder, const std::string& name,
              std::string text) {
    const std::string path = folder + name;
    std::erase_if(files, [&](const Datafile& file) {
        return file.path == path || file.path.ends_with("/" + name) || file.path == name;
    });
    files.push_back({path, std::move(text)});
}

ApiStatus drop_file(std::vector<Datafile>& files, const std::string& name) {
    const std::size_t dropped = std::erase_if(
        files, [&](const Datafile& file) { return file.path == name || file.path.ends_with("/" + name); });
    return dropped == 0 ? ApiStatus(ApiError{kNotFound, "'" + name + "' not found"}) : ApiStatus(Done{});
}

bool is_name(std::string_view name) {
    return !name.empty() &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
               std::string_view::npos;
}

// A schema as clients send it, in one line: read by the reader of datafiles.
ApiResult<Datasource> read_schema(const std::string& schema, const std::string& indexes) {
    SourceMap sources;
    Diagnostics problems;
    std::string text = "SCHEMA >\n    " + replace_all(schema, "\n", " ") + "\n";
    if (!indexes.empty()) {
        text += "\nINDEXES >\n    " + replace_all(indexes, "\n", "\n    ") + "\n";
    }
    const SourceId source = sources.add("schema", text);
    const std::optional<Datasource> read = codec::read_datasource_file(source, "schema", sources, problems);
    if (!read || problems.has_errors()) {
        const std::vector<FileProblem> found = file_problems(problems, sources);
        return ApiError{400, "the schema cannot be read" + (found.empty() ? "" : ": " + found.front().text)};
    }
    return *read;
}

// Field, and the directive of the datafile that says the same.
constexpr auto kEngineFields = std::to_array<std::string_view>(
    {"engine", "engine_partition_key", "engine_sorting_key", "engine_primary_key", "engine_sampling_key",
     "engine_ttl", "engine_ver", "engine_is_deleted", "engine_sign", "engine_version", "engine_columns",
     "engine_settings", "engine_join_strictness", "engine_join_type", "engine_key_columns"});

ApiResult<std::string> datafile_of(const Call& call) {
    const std::string schema = field(call, "schema").value_or("");
    if (schema.empty()) {
        return ApiError{400,
                        "the parameter `schema` is missing: data is appended once the Data Source exists"};
    }
    TRY(read_schema(schema, field(call, "indexes").value_or("")));
    std::string text;
    if (const std::string description = field(call, "description").value_or(""); !description.empty()) {
        text += "DESCRIPTION >\n    " + replace_all(description, "\n", "\n    ") + "\n\n";
    }
    text += "SCHEMA >\n    " + replace_all(schema, "\n", " ") + "\n\n";
    if (const std::string indexes = field(call, "indexes").value_or(""); !indexes.empty()) {
        text += "INDEXES >\n    " + replace_all(indexes, "\n", "\n    ") + "\n\n";
    }
    for (const std::string_view name : kEngineFields) {
        const std::string value = field(call, name).value_or("");
        if (!value.empty() && value.find('\n') == std::string::npos) {
            text += to_upper_ascii(name) + " \"" + value + "\"\n";
        }
    }
    return text;
}

ApiResult<AlterRequest> read_alter(const Call& call) {
    AlterRequest request;
    const std::optional<std::string> schema = field(call, "schema");
    const std::optional<std::string> indexes = field(call, "indexes");
    if (schema) {
        TRY_ASSIGN(Datasource read, read_schema(*schema, ""));
        request.columns = std::move(read.columns);
    }
    if (indexes && *indexes == "0") {
        request.indexes.emplace();
    } else if (indexes) {
        TRY_ASSIGN(Datasource read, read_schema("`x` String", *indexes));
        request.indexes = std::move(read.indexes);
    }
    request.description = field(call, "description");
    request.ttl = field(call, "ttl");
    if (request.ttl && *request.ttl == "false") {
        request.ttl->clear();
    }
    return request;
}

std::vector<std::string> views_on(const Content& content, const std::string& datasource) {
    std::vector<std::string> names;
    for (const Pipe& pipe : content.project.pipes) {
        const model::Node* node = model::published_node(pipe);
        if (node != nullptr && node->type == model::NodeType::Materialized &&
            (pipe.target_datasource == datasource ||
             node->sql.find(datasource) != std::string::npos)) { // as the service: by name
            names.push_back(pipe.name);
        }
    }
    return names;
}

std::string text_in(const Json& json, const char* key) {
    return json.is_object() && json.contains(key) && json[key].is_string() ? json[key].get<std::string>()
                                                                           : std::string();
}

ApiResult<model::Node> read_node(const Json& json, Pipe& pipe) {
    model::Node node;
    node.name = text_in(json, "name");
    node.sql = text_in(json, "sql");
    node.description = text_in(json, "description");
    const std::string type = text_in(json, "type");
    node.type = model::parse_node_type(type.empty() ? "standard" : type).value_or(model::NodeType::Standard);
    if (!is_name(node.name) || node.sql.empty()) {
        return ApiError{400, "a node needs a `name` and its `sql`"};
    }
    if (node.type == model::NodeType::Materialized) {
        pipe.target_datasource = text_in(json, "datasource");
    } else if (node.type == model::NodeType::Copy) {
        pipe.target_datasource = text_in(json, "target_datasource");
        pipe.copy_schedule = text_in(json, "schedule_cron");
        pipe.copy_mode = text_in(json, "mode");
    }
    return node;
}

ApiResult<Pipe> read_pipe(const Call& call) {
    const Json json = Json::parse(call.request.body, nullptr, false);
    Pipe pipe;
    pipe.name = text_in(json, "name");
    pipe.description = text_in(json, "description");
    if (!is_name(pipe.name) || !json.contains("nodes") || !json["nodes"].is_array()) {
        return ApiError{400, "a pipe needs a `name` and a list of `nodes`"};
    }
    for (const Json& one : json["nodes"]) {
        TRY_ASSIGN(model::Node node, read_node(one, pipe));
        pipe.nodes.push_back(std::move(node));
    }
    return pipe;
}

// The tokens of a resource, as the workspace's tokens have it.
std::vector<model::Token> tokens_of(const std::vector<Token>& all, const std::string& resource, bool pipe) {
    std::vector<model::Token> tokens;
    for (const Token& token : all) {
        for (const Scope& scope : token.scopes) {
            const bool fits = scope.resource == resource && scope.filter.empty() &&
                              (pipe ? scope.kind == ScopeKind::PipesRead
                                    : scope.kind == ScopeKind::DatasourcesRead ||
                                          scope.kind == ScopeKind::DatasourcesAppend);
            if (fits) {
                tokens.push_back({token.name,
                                  scope.kind == ScopeKind::DatasourcesAppend ? model::TokenScope::Append
                                                                             : model::TokenScope::Read,
                                  {}});
            }
        }
    }
    return tokens;
}

} // namespace

ApiError only_forward() {
    return {400, "This is only for Tinybird Forward workspaces, and Tinybird Classic workspaces change one "
                 "resource at a time"};
}

RouteAnswer classic_create_datasource(const Call& call) {
    TRY(require(call, ScopeKind::DatasourcesCreate, ""));
    const std::string name = field(call, "name").value_or("");
    if (!is_name(name)) {
        return ApiError{400, "the parameter `name` is missing, or no name of a Data Source"};
    }
    TRY_ASSIGN(const std::string text, datafile_of(call));
    TRY(change_files(call, [&](const Content& content, std::vector<Datafile>& files) -> ApiStatus {
        if (model::find_datasource(content.project, name) != nullptr) {
            return ApiError{kConflict, "There is already a Data Source with name '" + name + "'"};
        }
        put_file(files, "datasources/", name + ".datasource", text);
        return Done{};
    }));
    return json_answer({{"datasource", {{"name", name}}}});
}

RouteAnswer classic_alter(const Call& call) {
    TRY(require(call, ScopeKind::DatasourcesCreate, call.path.front()));
    TRY_ASSIGN(const AlterRequest request, read_alter(call));
    const bool dry = field(call, "dry").value_or("false") == "true";
    Json answer;
    const auto edit = [&](const Content& content, std::vector<Datafile>& files) -> ApiStatus {
        const Datasource* before = model::find_datasource(content.project, call.path.front());
        if (before == nullptr) {
            return ApiError{kNotFound, "Data Source \"" + call.path.front() + "\" does not exist"};
        }
        TRY_ASSIGN(const Alteration alteration, alter_datasource(*before, request));
        answer = {{"operations", alteration.operations},
                  {"operations_quarantine", Json::array()},
                  {"dependencies", views_on(content, before->name)}};
        put_file(files, "datasources/", before->name + ".datasource",
                 codec::write_datasource_file(alteration.after));
        return Done{};
    };
    if (dry) {
        const std::shared_ptr<const Content> content = content_of(*call.workspace);
        std::vector<Datafile> files;
        TRY(edit(*content, files));
    } else {
        TRY(change_files(call, edit));
    }
    return json_answer(answer);
}

RouteAnswer classic_drop_datasource(const Call& call) {
    const std::string& name = call.path.front();
    TRY(require(call, ScopeKind::DatasourcesDrop, name));
    TRY(change_files(call, [&](const Content& content, std::vector<Datafile>& files) -> ApiStatus {
        const std::vector<std::string> views = views_on(content, name);
        if (!views.empty() && field(call, "force").value_or("false") != "true") {
            return ApiError{kConflict,
                            "The Data Source is used by the Materialized Pipes: " + join(views, ", ")};
        }
        return drop_file(files, name + ".datasource");
    }));
    return net::HttpResponse{204, "", "", {}};
}

// The view takes new rows already; those that are there come by a job.
RouteAnswer populated_answer(const Call& call, const Pipe& pipe) {
    TRY_ASSIGN(const net::HttpResponse written, pipe_answer(call, pipe.name));
    Json json = Json::parse(written.body, nullptr, /*allow_exceptions=*/false);
    json["job"] = job_of(call, start_population(call, pipe.target_datasource, {pipe.name, false, ""}));
    return json_answer(json);
}

RouteAnswer classic_write_pipe(const Call& call) {
    TRY(require(call, ScopeKind::PipesCreate, ""));
    TRY_ASSIGN(const Pipe pipe, read_pipe(call));
    TRY(change_files(call, [&](const Content& content, std::vector<Datafile>& files) -> ApiStatus {
        const Pipe* old = model::find_pipe(content.project, pipe.name);
        if (old != nullptr && net::find(call.request.query, "force").value_or("false") != "true") {
            return ApiError{kConflict, "There is already a Pipe with name '" + pipe.name + "'"};
        }
        Pipe written = pipe;
        written.tokens = old == nullptr ? std::vector<model::Token>() : old->tokens;
        put_file(files, "pipes/", pipe.name + ".pipe", codec::write_pipe_file(written));
        return Done{};
    }));
    const bool populates = net::find(call.request.query, "populate").value_or("false") == "true";
    return populates && is_materialized(pipe) ? populated_answer(call, pipe) : pipe_answer(call, pipe.name);
}

// The node that is asked for becomes the endpoint, and no other is.
RouteAnswer classic_publish(const Call& call) {
    TRY(require(call, ScopeKind::PipesCreate, ""));
    const std::string& name = call.path.front();
    TRY(change_files(call, [&](const Content& content, std::vector<Datafile>& files) -> ApiStatus {
        const Pipe* old = model::find_pipe(content.project, name);
        if (old == nullptr) {
            return ApiError{kNotFound, "Pipe '" + name + "' not found"};
        }
        Pipe pipe = *old;
        for (model::Node& node : pipe.nodes) {
            const bool wanted =
                node.name == call.path[1] || node_id(*call.workspace, name, node.name) == call.path[1];
            node.type = wanted                                   ? model::NodeType::Endpoint
                        : node.type == model::NodeType::Endpoint ? model::NodeType::Standard
                                                                 : node.type;
        }
        put_file(files, "pipes/", name + ".pipe", codec::write_pipe_file(pipe));
        return Done{};
    }));
    return pipe_answer(call, name);
}

RouteAnswer classic_drop_pipe(const Call& call) {
    TRY(require(call, ScopeKind::PipesDrop, call.path.front()));
    TRY(change_files(call, [&](const Content&, std::vector<Datafile>& files) {
        return drop_file(files, call.path.front() + ".pipe");
    }));
    return net::HttpResponse{204, "", "", {}};
}

ApiStatus classic_follow_tokens(const Call& call) {
    std::vector<Token> tokens;
    {
        const std::scoped_lock lock(call.workspace->mutex);
        tokens = call.workspace->tokens;
    }
    return change_files(call, [&](const Content& content, std::vector<Datafile>& files) -> ApiStatus {
        for (Datasource datasource : content.project.datasources) {
            std::vector<model::Token> now = tokens_of(tokens, datasource.name, false);
            if (now != datasource.tokens) {
                datasource.tokens = std::move(now);
                put_file(files, "datasources/", datasource.name + ".datasource",
                         codec::write_datasource_file(datasource));
            }
        }
        for (Pipe pipe : content.project.pipes) {
            std::vector<model::Token> now = tokens_of(tokens, pipe.name, true);
            if (now != pipe.tokens) {
                pipe.tokens = std::move(now);
                put_file(files, "pipes/", pipe.name + ".pipe", codec::write_pipe_file(pipe));
            }
        }
        return Done{};
    });
}

} // namespace birdhouse::server
