// /v0/pipes and /v1/pipes: what a workspace's pipes are, and the data of its endpoints. Pipes change by
// builds and deployments only, as in Forward.
#include "base/text.hpp"
#include "codec/pipe_parameters.hpp"
#include "server/classic.hpp"
#include "server/json_answer.hpp"
#include "server/query_request.hpp"
#include "server/routes.hpp"
#include "server/staging.hpp"
#include "syntax/value_json.hpp"
#include "syntax/value_text.hpp"
#include "target/url_text.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;
using model::NodeType;
using model::Pipe;

constexpr std::string_view kDatafile = ".pipe";

std::string_view type_of(NodeType type) {
    switch (type) {
    case NodeType::Standard:
        return "standard";
    case NodeType::Endpoint:
        return "endpoint";
    case NodeType::Materialized:
        return "materialized";
    case NodeType::Copy:
        return "copy";
    case NodeType::Sink:
        return "sink";
    }
    return "standard";
}

Json default_of(const syntax::MergedParameter& parameter) {
    return Json::parse(syntax::write_json(parameter.default_value), nullptr, false);
}

Json parameters_of(const Pipe& pipe) {
    Json all = Json::array();
    for (const syntax::MergedParameter& parameter : codec::merged_parameters(pipe)) {
        Json one = {{"name", parameter.name}, {"type", parameter.type}, {"required", parameter.required}};
        if (!parameter.default_value.is_none()) {
            one["default"] = default_of(parameter);
        }
        if (!parameter.description.empty()) {
            one["description"] = parameter.description;
        }
        all.push_back(std::move(one));
    }
    return all;
}

Json nodes_of(const Pipe& pipe, const Workspace& workspace) {
    Json all = Json::array();
    for (const model::Node& node : pipe.nodes) {
        Pipe alone;
        alone.nodes = {node};
        all.push_back({{"id", resource_id(workspace, pipe.name + "/" + node.name)},
                       {"name", node.name},
                       {"sql", node.sql},
                       {"description", node.description},
                       {"node_type", type_of(node.type)},
                       {"type", type_of(node.type)},
                       {"materialized", node.type == NodeType::Materialized
                                            ? Json(resource_id(workspace, pipe.target_datasource))
                                            : Json(false)},
                       {"params", parameters_of(alone)},
                       {"dependencies", Json::array()},
                       {"tags", Json::object()},
                       {"created_at", workspace.created_at},
                       {"updated_at", workspace.created_at}});
    }
    return all;
}

Json schedule_of(const Pipe& pipe, const Call& call) {
    if (pipe.copy_schedule.empty() || pipe.copy_schedule == "@on-demand") {
        return Json::object();
    }
    const std::scoped_lock lock(call.workspace->mutex);
    const bool paused = call.workspace->paused_copies.contains(pipe.name);
    return {{"cron", pipe.copy_schedule}, {"timezone", "Etc/UTC"}, {"status", paused ? "paused" : "running"}};
}

Json json_of(const Pipe& pipe, const Call& call) {
    const Workspace& workspace = *call.workspace;
    const model::Node* node = model::published_node(pipe);
    const NodeType type = node == nullptr ? NodeType::Standard : node->type;
    const bool is_endpoint = type == NodeType::Endpoint;
    Json json = {{"id", resource_id(workspace, pipe.name)},
                 {"name", pipe.name},
                 {"description", pipe.description},
                 {"type", type == NodeType::Standard ? "default" : type_of(type)},
                 {"endpoint",
                  is_endpoint ? Json(resource_id(workspace, pipe.name + "/" + node->name)) : Json(nullptr)},
                 {"url", is_endpoint ? Json(call.core.options().url + "/v0/pipes/" + pipe.name + ".json")
                                     : Json(nullptr)},
                 {"parent", nullptr},
                 {"workspace_id", workspace.id},
                 {"created_at", workspace.created_at},
                 {"updated_at", workspace.created_at},
                 {"nodes", nodes_of(pipe, workspace)}};
    if (type == NodeType::Copy) {
        json["copy_node"] = resource_id(workspace, pipe.name + "/" + node->name);
        json["copy_target_datasource"] = resource_id(workspace, pipe.target_datasource);
        json["schedule"] = schedule_of(pipe, call);
    } else if (type == NodeType::Materialized) {
        json["materialized_datasource"] = pipe.target_datasource;
    }
    return json;
}

// All of them where none is named.
Json only(const Json& json, const std::string& attributes) {
    if (trim(attributes).empty()) {
        return json;
    }
    Json kept = Json::object();
    for (const std::string_view name : split(attributes, ',')) {
        const auto found = json.find(std::string(trim(name)));
        if (found != json.end()) {
            kept[std::string(trim(name))] = *found;
        }
    }
    return kept;
}

// `attrs` names what is told of a pipe, `node_attrs` what of each of its nodes: either may be empty.
RouteAnswer list_pipes(const Call& call) {
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const std::string attributes = net::find(call.request.query, "attrs").value_or("");
    const std::string of_nodes = net::find(call.request.query, "node_attrs").value_or("");
    Json pipes = Json::array();
    for (const Pipe& pipe : content->project.pipes) {
        if (!call.access.may(ScopeKind::PipesRead, pipe.name)) {
            continue;
        }
        const Json whole = json_of(pipe, call);
        Json told = only(whole, attributes);
        if (!of_nodes.empty() || told.contains("nodes")) {
            told["nodes"] = Json::array();
            for (const Json& node : whole["nodes"]) {
                told["nodes"].push_back(only(node, of_nodes));
            }
        }
        pipes.push_back(std::move(told));
    }
    return json_answer({{"pipes", pipes}});
}

RouteAnswer datafile_of(const Call& call, const std::string& name) {
    TRY(require(call, ScopeKind::PipesRead, name));
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const Datafile* file = find_file(*content, name, kDatafile);
    return file == nullptr ? RouteAnswer(ApiError{404, "Pipe '" + name + "' not found"})
                           : text_answer(file->text);
}

RouteAnswer pipe_details(const Call& call, const std::string& name) {
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    for (const Pipe& pipe : content->project.pipes) {
        if (pipe.name == name || resource_id(*call.workspace, pipe.name) == name) {
            TRY(require(call, ScopeKind::PipesRead, pipe.name));
            const bool as_file = field(call, "format").value_or("") == "pipe";
            return as_file ? datafile_of(call, pipe.name) : json_answer(json_of(pipe, call));
        }
    }
    return ApiError{404, "Pipe '" + name + "' not found"};
}

RouteAnswer endpoint_data(const Call& call, const std::string& name, const OutputFormat& format) {
    TRY_ASSIGN(const RequestParameters parameters, read_parameters(call));
    return answer_query(call, parameters, call.access.fixed_parameters(name),
                        [&](const QueryContext& context) {
                            return query_endpoint(context, name, format, parameters.sql.value_or(""));
                        });
}

// `name`, `name.json` and other data, `name.pipe`.
RouteAnswer get_pipe(const Call& call) {
    const std::string& path = call.path.front();
    const std::size_t dot = path.rfind('.');
    const std::string extension = dot == std::string::npos ? "" : path.substr(dot);
    const std::string name = path.substr(0, dot);
    if (extension == kDatafile) {
        return datafile_of(call, name);
    }
    const std::optional<OutputFormat> format =
        extension.empty() ? std::nullopt : endpoint_format(extension.substr(1));
    return format ? endpoint_data(call, name, *format) : pipe_details(call, path);
}

RouteAnswer post_pipe(const Call& call) {
    const std::string& path = call.path.front();
    const std::size_t dot = path.rfind('.');
    const std::optional<OutputFormat> format =
        dot == std::string::npos ? std::nullopt : endpoint_format(path.substr(dot + 1));
    if (!format) {
        return ApiError{403, "Adding or modifying pipes to this workspace can only be done via deployments"};
    }
    return endpoint_data(call, path.substr(0, dot), *format);
}

// The address of an endpoint with the defaults of its parameters, as clients show it to people: `?pipe=`,
// `format=`, `token=`.
RouteAnswer example_address(const Call& call) {
    const std::string name = field(call, "pipe").value_or("");
    const std::string format = field(call, "format").value_or("json");
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const Pipe* pipe = model::find_pipe(content->project, name);
    if (pipe == nullptr) {
        return ApiError{404, "Pipe '" + printable(name) + "' not found"};
    }
    TRY(require(call, ScopeKind::PipesRead, name));
    if (!endpoint_format(format)) {
        return ApiError{400, "the format `" + printable(format) + "` is not served"};
    }
    std::string address = call.core.url() + "/v0/pipes/" + name + "." + format +
                          "?token=" + target::percent_encoded(field(call, "token").value_or(""));
    for (const syntax::MergedParameter& parameter : codec::merged_parameters(*pipe)) {
        if (!parameter.default_value.is_none()) {
            address += "&" + target::percent_encoded(parameter.name) + "=" +
                       target::percent_encoded(syntax::str_of(parameter.default_value));
        }
    }
    if (const std::optional<std::string> deployment = field(call, "__tb__deployment")) {
        address += "&__tb__deployment=" + target::percent_encoded(*deployment);
    }
    return text_answer(std::move(address));
}

RouteAnswer refuse_change(const Call&) {
    return ApiError{403, "Adding or modifying pipes to this workspace can only be done via deployments"};
}

RouteAnswer write_pipe(const Call& call) {
    return call.core.options().classic ? classic_write_pipe(call) : refuse_change(call);
}

RouteAnswer publish_node(const Call& call) {
    return call.core.options().classic ? classic_publish(call) : refuse_change(call);
}

RouteAnswer drop_pipe(const Call& call) {
    return call.core.options().classic ? classic_drop_pipe(call) : refuse_change(call);
}

constexpr auto kRoutes =
    std::to_array<Route>({{"GET", "/v0/pipes", list_pipes},
                          {"GET", "/v1/pipes", list_pipes},
                          {"GET", "/examples/query.http", example_address},
                          {"GET", "/v0/pipes/*", get_pipe},
                          {"GET", "/v1/pipes/*", get_pipe},
                          {"POST", "/v0/pipes/*", post_pipe},
                          {"POST", "/v0/pipes", write_pipe, true, true},
                          {"POST", "/v0/pipes/*/nodes/*/endpoint", publish_node, true, true},
                          {"PUT", "/v0/pipes/*", refuse_change},
                          {"DELETE", "/v0/pipes/*", drop_pipe, true, true}});

} // namespace

RouteAnswer pipe_answer(const Call& call, const std::string& name) { return pipe_details(call, name); }

std::span<const Route> pipe_routes() { return kRoutes; }

} // namespace birdhouse::server
