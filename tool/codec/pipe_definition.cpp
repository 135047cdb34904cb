// Pipe definitions.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/connector_settings.hpp"
#include "codec/definition_parts.hpp"
#include "codec/definitions.hpp"
#include "codec/for_each.hpp"
#include "codec/sql_text.hpp"
#include "model/pipe_version.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace birdhouse::codec {

using model::NodeType;
using syntax::YamlNode;

namespace {

// A setting that only pipes of one type have.
struct TypeSetting {
    std::string_view key;
    NodeType type;
    bool required = false;
};

constexpr auto kTypeSettings = std::to_array<TypeSetting>({
    {"datasource", NodeType::Materialized, true},
    {"deployment_method", NodeType::Materialized},
    {"target_datasource", NodeType::Copy, true},
    {"schedule", NodeType::Copy},
    {"mode", NodeType::Copy},
    {"export", NodeType::Sink, true},
    {"cache", NodeType::Endpoint},
});

struct ReadNode {
    model::Node node;
    const YamlNode* type = nullptr; // as written; null when the node does not say
};

ReadNode read_node(const Fields& fields, Reading reading) {
    ReadNode read;
    check_resource_name(fields, "name", reading);
    read.node.name = fields.text("name");
    read.node.description = fields.text("description");
    if (const YamlNode* sql = fields.find("sql")) {
        read_sql(*sql, read.node.sql, &read.node.line_origins, reading);
    }
    read.node.origin.span = fields.place();
    read.type = fields.find("type");
    if (read.type != nullptr) {
        read.node.type = model::parse_node_type(read.type->text).value_or(NodeType::Standard);
    }
    return read;
}

// `sql:` instead of `nodes:`: one node, called after what the pipe is.
ReadNode read_only_node(const Fields& pipe, Reading reading) {
    ReadNode read;
    const NodeType type = model::parse_node_type(pipe.text("type")).value_or(NodeType::Endpoint);
    read.node.name = type == NodeType::Standard ? "node" : std::string(model::to_string(type));
    const YamlNode& sql = *pipe.find("sql");
    read_sql(sql, read.node.sql, &read.node.line_origins, reading);
    read.node.origin.span = sql.span;
    return read;
}

std::vector<ReadNode> read_nodes(const Fields& pipe, Reading reading) {
    std::vector<ReadNode> nodes;
    const YamlNode* list = pipe.find("nodes");
    const bool both = pipe.mentions("nodes") && pipe.mentions("sql");
    if (both || !(pipe.mentions("nodes") || pipe.mentions("sql"))) {
        reading.problems.add(
            codes::F050, both ? pipe.place_of("sql") : pipe.place(),
            pipe.subject() + " has " + (both ? "both `sql` and `nodes`" : "neither `sql` nor `nodes`"),
            both ? "make the SQL a node" : "write `nodes:`, or `sql:` when there is only one");
    }
    if (list == nullptr) {
        if (pipe.has("sql")) {
            nodes.push_back(read_only_node(pipe, reading));
        }
        return nodes;
    }
    if (list->items.empty()) {
        reading.problems.add(codes::F050, list->span, "`nodes` is an empty list", "write a node");
    }
    for (const YamlNode& item : list->items) {
        if (const std::optional<Fields> fields = Fields::check(item, ObjectKind::Node, reading)) {
            nodes.push_back(read_node(*fields, reading));
        }
    }
    return nodes;
}

void check_node_names(const model::Pipe& pipe, Reading reading) {
    std::unordered_map<std::string_view, const model::Node*> first;
    for (const model::Node& node : pipe.nodes) {
        if (node.name == pipe.name && !node.name.empty()) {
            reading.problems.add(
                codes::F154, node.origin.span, "node " + backquoted(node.name) + " has the name of its pipe",
                "rename the node: Tinybird has refused such pipes (\"The Pipe is already using that name\")");
        }
        const auto [seen, is_new] = first.try_emplace(node.name, &node);
        if (!is_new && !node.name.empty()) {
            Diagnostic twice{
                &codes::F051, "two nodes are called " + backquoted(node.name), {}, "rename one of the two"};
            twice.labels = {{node.origin.span, "again here"}, {seen->second->origin.span, "first here"}};
            reading.problems.add(std::move(twice));
        }
    }
}

void report_two_types(const ReadNode& first, const ReadNode& second, Reading reading) {
    Diagnostic report{&codes::F052,
                      "nodes " + backquoted(first.node.name) + " and " + backquoted(second.node.name) +
                          " are both published",
                      {},
                      "make one of them `type: standard`, or move it to a pipe of its own"};
    report.labels = {{second.type->span, {}}, {first.type->span, {}}};
    reading.problems.add(std::move(report));
}

// Decides which node is published: the one that says so; else the last, unless the nodes say `standard`.
void publish(std::vector<ReadNode>& nodes, const Fields& pipe, Reading reading) {
    const YamlNode* pipe_type = pipe.find("type");
    const NodeType wanted = pipe_type == nullptr
                                ? NodeType::Endpoint
                                : model::parse_node_type(pipe_type->text).value_or(NodeType::Endpoint);
    ReadNode* published = nullptr;
    for (ReadNode& node : nodes) {
        if (node.node.type == NodeType::Standard) {
            continue;
        }
        if (published != nullptr) {
            report_two_types(*published, node, reading);
        }
        published = &node;
    }
    ReadNode* last = nodes.empty() ? nullptr : &nodes.back();
    const bool last_is_free = last != nullptr && last->type == nullptr;
    if (published == nullptr && last_is_free) {
        last->node.type = wanted;
        return;
    }
    const ReadNode* decisive = published != nullptr ? published : last;
    if (pipe_type != nullptr && decisive != nullptr && decisive->type != nullptr &&
        decisive->node.type != wanted) {
        Diagnostic report{&codes::F053,
                          "the pipe is `" + pipe_type->text + "`, and node " +
                              backquoted(decisive->node.name) + " is `" + decisive->type->text + "`",
                          {},
                          "say it once: remove one of the two"};
        report.labels = {{pipe_type->span, {}}, {decisive->type->span, {}}};
        reading.problems.add(std::move(report));
    }
}

void check_type_settings(const model::Pipe& pipe, const Fields& fields, Reading reading) {
    const model::Node* published = model::published_node(pipe);
    if (pipe.nodes.empty()) {
        return; // reported; what it is cannot be told
    }
    const NodeType type = published == nullptr ? NodeType::Standard : published->type;
    const std::string is = backquoted(model::to_string(type));
    for (const TypeSetting& setting : kTypeSettings) {
        const std::string key = backquoted(setting.key);
        if (fields.has(setting.key) && setting.type != type) {
            const std::string wanted = backquoted(model::to_string(setting.type));
            reading.problems.add(codes::F053, fields.place_of(setting.key),
                                 key + " is for " + wanted + " pipes, and this pipe is " + is,
                                 "remove it, or write " +
                                     backquoted("type: " + std::string(model::to_string(setting.type))));
        } else if (setting.required && setting.type == type && !fields.mentions(setting.key)) {
            reading.problems.add(codes::F016, fields.place(),
                                 fields.subject() + " is " + is + " and lacks " + key,
                                 "add " + backquoted(std::string(setting.key) + ":"));
        }
    }
}

void read_settings(model::Pipe& pipe, const Fields& fields, Reading reading) {
    pipe.description = fields.text("description");
    pipe.version = static_cast<std::uint32_t>(fields.number("version").value_or(1));
    pipe.target_datasource = fields.text(fields.has("datasource") ? "datasource" : "target_datasource");
    pipe.copy_schedule = fields.text("schedule");
    pipe.copy_mode = fields.text("mode");
    pipe.deployment_method = fields.text("deployment_method");
    if (const std::optional<std::uint64_t> seconds = fields.number("cache")) {
        pipe.cache_seconds = std::to_string(*seconds);
    }
    if (const YamlNode* node = fields.find("export")) {
        pipe.export_settings = read_settings_map(*node, ObjectKind::Export, "EXPORT_", reading);
    }
    if (const YamlNode* node = fields.find("target_engine")) {
        pipe.target_engine = read_engine(*node, {{}, false}, reading);
    }
    pipe.classic_version = read_classic_version(fields);
    pipe.tokens = read_tokens(fields, ObjectKind::PipeToken, reading);
    pipe.tags = fields.texts("tags");
    pipe.template_file = fields.text("template");
}

std::optional<model::Pipe> read_pipe(const YamlNode& root, Reading reading) {
    const std::optional<Fields> fields = Fields::check(root, ObjectKind::Pipe, reading);
    if (!fields) {
        return std::nullopt;
    }
    check_resource_name(*fields, "pipe", reading);
    model::Pipe pipe;
    pipe.name = fields->text("pipe");
    pipe.origin.span = fields->place();
    read_settings(pipe, *fields, reading);
    pipe.name = model::published_name(pipe.name, pipe.version);
    std::vector<ReadNode> nodes = read_nodes(*fields, reading);
    publish(nodes, *fields, reading);
    for (ReadNode& node : nodes) {
        pipe.nodes.push_back(std::move(node.node));
    }
    check_node_names(pipe, reading);
    check_type_settings(pipe, *fields, reading);
    return fields->has("pipe") ? std::optional(std::move(pipe)) : std::nullopt;
}

} // namespace

std::vector<model::Pipe> read_pipe_definition(SourceId source, const SourceMap& sources,
                                              Diagnostics& problems) {
    const Reading reading{sources, problems};
    std::vector<model::Pipe> pipes;
    std::optional<YamlNode> root = syntax::parse_yaml(source, sources, problems);
    if (!root) {
        return pipes;
    }
    for (const YamlNode& tree : repeat_for_each(std::move(*root), reading)) {
        if (std::optional<model::Pipe> read = read_pipe(tree, reading)) {
            pipes.push_back(std::move(*read));
        }
    }
    return pipes;
}

} // namespace birdhouse::codec
