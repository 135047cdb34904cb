#include "codec/node_directives.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/connector_settings.hpp"
#include "codec/engine_directives.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace birdhouse::codec {

using model::Node;
using model::NodeType;
using syntax::Directive;

namespace {

constexpr std::array<std::string_view, 5> kTypes = {"endpoint", "materialized", "copy", "sink", "standard"};
constexpr std::array<std::string_view, 2> kCopyModes = {"append", "replace"};
constexpr std::array<std::string_view, 1> kDeploymentMethods = {"alter"};

// The settings a type knows beyond SQL, TYPE and DESCRIPTION. Sinks are checked as families.
struct TypeSettings {
    NodeType type;
    std::string_view required; // empty when nothing is
    std::array<std::string_view, 3> optional;
};

constexpr auto kTypeSettings = std::to_array<TypeSettings>({
    {NodeType::Standard, "", {}},
    {NodeType::Endpoint, "", {"CACHE"}},
    {NodeType::Materialized, "DATASOURCE", {"DEPLOYMENT_METHOD"}},
    {NodeType::Copy, "TARGET_DATASOURCE", {"COPY_SCHEDULE", "COPY_MODE", "MODE"}},
});

const Directive* find(const NodeLines& lines, std::string_view name) {
    const Directive* found = nullptr;
    for (const Directive* setting : lines.settings) {
        found = setting->name == name ? setting : found; // the last one holds
    }
    return found;
}

NodeType read_type(const DatafileReading& reading, const NodeLines& lines) {
    const Directive* directive = find(lines, "TYPE");
    const std::string value = directive == nullptr ? "" : reading.value(*directive);
    if (value.empty()) {
        return NodeType::Standard;
    }
    if (const auto type = model::parse_node_type(value)) {
        return *type;
    }
    const auto near = nearest(value, kTypes);
    reading.diagnostics.add(
        codes::F123, reading.place(*directive), backquoted(value) + " is not a type of nodes",
        near ? "did you mean " + backquoted(*near) + "?" : "write one of " + quoted_list(kTypes));
    return NodeType::Standard;
}

bool is_template(std::string_view sql) { return trim(sql).starts_with('%'); }

void check_sql(const DatafileReading& reading, const Node& node, const Directive& directive) {
    if (!is_template(node.sql) &&
        (node.sql.find("{{") != std::string::npos || node.sql.find("{%") != std::string::npos)) {
        reading.diagnostics.add(codes::F178, directive.command,
                                "the SQL of node " + backquoted(node.name) +
                                    " holds template tags and is no template",
                                "write a line with % alone above it");
    }
    if (trim(node.sql).ends_with(';')) {
        const Span place = reading.place(directive);
        reading.diagnostics.add(codes::F177, {place.source, place.end - 1, place.end},
                                "the SQL of node " + backquoted(node.name) + " ends with `;`", "delete it");
    }
}

void read_sql(const DatafileReading& reading, const NodeLines& lines, Node& node) {
    const Directive* directive = find(lines, "SQL");
    if (directive == nullptr) {
        reading.diagnostics.add(codes::F176, node.origin.span,
                                "node " + backquoted(node.name) + " has no SQL",
                                "write SQL > and the query on the lines below, indented");
        return;
    }
    if (directive->block) {
        BlockText block = block_text(reading, *directive);
        node.sql = std::move(block.text);
        node.line_origins = std::move(block.line_origins);
    } else {
        node.sql = reading.value(*directive);
        node.line_origins = {{reading.place(*directive)}};
    }
    check_sql(reading, node, *directive);
}

// Empty when it is none, which is said.
std::string read_seconds(const DatafileReading& reading, const Directive& directive) {
    const std::string value = reading.value(directive);
    const char* const end = value.data() + value.size();
    std::uint32_t seconds = 0;
    const auto [rest, failure] = std::from_chars(value.data(), end, seconds);
    if (failure == std::errc() && rest == end) {
        return std::to_string(seconds);
    }
    reading.diagnostics.add(codes::F123, reading.place(directive),
                            backquoted(value) + " is not a number of seconds",
                            "write a whole number, such as " + directive.name + " 60");
    return "";
}

bool belongs_to_every_type(std::string_view name) {
    // FILTER is read and ignored by the service for any node; TOKEN and TAGS never reach a node.
    constexpr std::array<std::string_view, 4> kCommon = {"SQL", "TYPE", "DESCRIPTION", "FILTER"};
    return std::ranges::find(kCommon, name) != kCommon.end();
}

} // namespace

Node read_node(const DatafileReading& reading, const NodeLines& lines) {
    Node node;
    const std::vector<Span>& words = lines.head->arguments;
    node.origin = {reading.place(*lines.head)};
    if (!words.empty()) {
        node.name = std::string(reading.sources.slice(words.front()));
        std::erase_if(node.name, [](char c) { return c == '"' || c == '\''; });
    }
    if (words.size() > 1) {
        reading.diagnostics.add(codes::F103, {words[1].source, words[1].begin, words.back().end},
                                "the text behind the name of the node is dropped",
                                "delete it, or write the name without blanks");
    }
    if (const Directive* description = find(lines, "DESCRIPTION")) {
        node.description = read_description(reading, *description);
    }
    node.type = read_type(reading, lines);
    read_sql(reading, lines, node);
    return node;
}

void read_node_settings(const DatafileReading& reading, const NodeLines& lines, model::Pipe& pipe) {
    for (const Directive* setting : lines.settings) {
        const std::string& name = setting->name;
        if (name == "DATASOURCE" || name == "TARGET_DATASOURCE") {
            pipe.target_datasource = reading.value(*setting);
        } else if (name == "COPY_SCHEDULE") {
            check_schedule(reading, *setting);
            pipe.copy_schedule = reading.value(*setting);
        } else if (name == "COPY_MODE" || name == "MODE") {
            check_choice(reading, *setting, kCopyModes);
            pipe.copy_mode = reading.value(*setting);
        } else if (name == "DEPLOYMENT_METHOD") {
            check_choice(reading, *setting, kDeploymentMethods);
            pipe.deployment_method = reading.value(*setting);
        } else if (name == "CACHE") {
            pipe.cache_seconds = read_seconds(reading, *setting);
        } else if (name.starts_with("EXPORT_")) {
            if (name == "EXPORT_SCHEDULE") {
                check_schedule(reading, *setting);
            }
            keep_setting(reading, *setting, setting->name, pipe.export_settings);
        } else if (name.starts_with("ENGINE")) { // Classic only: Forward does not know it here
            if (!pipe.target_engine) {
                pipe.target_engine.emplace();
            }
            read_engine_directive(reading, *setting, *pipe.target_engine);
        }
    }
}

void check_node_settings(const DatafileReading& reading, const NodeLines& lines, const Node& node) {
    if (node.type == NodeType::Sink) {
        check_sink(reading, lines.settings, node.origin.span);
        return;
    }
    const TypeSettings& type = *std::ranges::find(kTypeSettings, node.type, &TypeSettings::type);
    const std::string type_name(to_string(node.type));
    if (!type.required.empty() && find(lines, type.required) == nullptr) {
        reading.diagnostics.add(codes::F174, node.origin.span,
                                "the " + type_name + " node " + backquoted(node.name) + " lacks " +
                                    backquoted(type.required),
                                "write " + std::string(type.required) + " and the name of a datasource");
    }
    for (const Directive* setting : lines.settings) {
        const std::string& name = setting->name;
        if (!belongs_to_every_type(name) && name != type.required &&
            std::ranges::find(type.optional, name) == type.optional.end()) {
            reading.diagnostics.add(codes::F175, setting->command,
                                    backquoted(name) + " does not belong to a node of type " + type_name,
                                    node.type == NodeType::Standard ? "write TYPE, or delete the line"
                                                                    : "delete the line");
        }
    }
}

} // namespace birdhouse::codec
