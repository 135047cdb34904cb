#include "ops/resource_graph.hpp"

#include <array>
#include <set>

namespace birdhouse::ops {

namespace {

struct Look {
    ResourceKind kind;
    std::string_view open; // of the shape, round the label
    std::string_view close;
    std::string_view style; // name of its class
    std::string_view colours;
};

// Light fills under dark letters: a page that shows them may itself be light or dark.
constexpr auto kLooks = std::to_array<Look>({
    {ResourceKind::Connection, "[/", "/]", "connection", "fill:#e8eaee,stroke:#5b6472,color:#1c2430"},
    {ResourceKind::Datasource, "[(", ")]", "datasource", "fill:#dce9fb,stroke:#2563b8,color:#10243f"},
    {ResourceKind::Materialized, "{{", "}}", "materialized", "fill:#e8e1f8,stroke:#6d46b8,color:#241545"},
    {ResourceKind::Copy, "[[", "]]", "copy", "fill:#fbeacd,stroke:#a86510,color:#3b2506"},
    {ResourceKind::Endpoint, "([", "])", "endpoint", "fill:#d5f0df,stroke:#1f7a4d,color:#0b2b1b"},
    {ResourceKind::Sink, "[\\", "\\]", "sink", "fill:#fadde2,stroke:#b3344f,color:#3f0f1a"},
    {ResourceKind::Pipe, "[", "]", "pipe", "fill:#d8eef0,stroke:#23767f,color:#0b2a2e"},
    {ResourceKind::Quarantine, "[(", ")]", "outside", ""},
    {ResourceKind::Service, "[(", ")]", "outside", ""},
    {ResourceKind::Unknown, "[", "]", "outside",
     "fill:#f4f4f4,stroke:#8a8a8a,color:#333333,stroke-dasharray:4 3"},
});

const Look& look_of(ResourceKind kind) { return kLooks[static_cast<std::size_t>(kind)]; }

std::string_view arrow_of(LinkKind kind) {
    switch (kind) {
    case LinkKind::Reads:
        return "-->";
    case LinkKind::Materializes:
        return "==>|materializes|";
    case LinkKind::Copies:
        return "-.->|copies|";
    case LinkKind::Sends:
        return "-->|sends|";
    case LinkKind::Ingests:
        return "-->|ingests|";
    case LinkKind::PutsAside:
        return "-.->|refused rows|";
    }
    return "-->";
}

// In quotes a label may hold anything but what ends it, begins an entity or is taken for markup.
std::string label(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        switch (c) {
        case '#':
            out += "#35;";
            break;
        case '"':
            out += "#quot;";
            break;
        case '&':
            out += "#amp;";
            break;
        case '<':
            out += "#lt;";
            break;
        case '>':
            out += "#gt;";
            break;
        case '`':
            out += "#96;";
            break;
        default:
            out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
        }
    }
    return out + "\"";
}

// Letters, digits and `_` only: in others, `-` and `.` begin arrows.
std::vector<std::string> node_ids(const ResourceGraph& graph) {
    std::vector<std::string> ids;
    std::set<std::string> taken;
    for (const Resource& resource : graph.resources) {
        std::string id = resource.id;
        for (char& c : id) {
            c = c == '-' || c == '.' ? '_' : c;
        }
        while (!taken.insert(id).second) {
            id += "_";
        }
        ids.push_back(std::move(id));
    }
    return ids;
}

} // namespace

std::string render_mermaid(const ResourceGraph& graph) {
    const std::vector<std::string> ids = node_ids(graph);
    std::string out = "flowchart LR\n";
    std::set<std::string_view> used;
    for (std::size_t i = 0; i < graph.resources.size(); ++i) {
        const Look& look = look_of(graph.resources[i].kind);
        const std::string_view style = graph.resources[i].declared ? look.style : "outside";
        used.insert(style);
        out += "    " + ids[i] + std::string(look.open) + label(graph.resources[i].name) +
               std::string(look.close) + ":::" + std::string(style) + "\n";
    }
    for (const ResourceLink& link : graph.links) {
        out += "    " + ids[link.from] + " " + std::string(arrow_of(link.kind)) + " " + ids[link.to] + "\n";
    }
    for (const Look& look : kLooks) {
        if (!look.colours.empty() && used.contains(look.style)) {
            out += "    classDef " + std::string(look.style) + " " + std::string(look.colours) + "\n";
        }
    }
    return out;
}

} // namespace birdhouse::ops
