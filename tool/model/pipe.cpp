#include "model/pipe.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::model {

namespace {

constexpr std::array<std::string_view, 5> kTypeNames = {"standard", "endpoint", "materialized", "copy",
                                                        "sink"};

} // namespace

const Node* published_node(const Pipe& pipe) {
    const auto found = std::find_if(pipe.nodes.begin(), pipe.nodes.end(),
                                    [](const Node& node) { return node.type != NodeType::Standard; });
    return found == pipe.nodes.end() ? nullptr : &*found;
}

const Node* result_node(const Pipe& pipe) {
    if (const Node* published = published_node(pipe)) {
        return published;
    }
    return pipe.nodes.empty() ? nullptr : &pipe.nodes.back();
}

const Node* find_node(const Pipe& pipe, std::string_view name) {
    const auto found = std::find_if(pipe.nodes.begin(), pipe.nodes.end(),
                                    [&](const Node& node) { return node.name == name; });
    return found == pipe.nodes.end() ? nullptr : &*found;
}

std::string_view to_string(NodeType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

std::optional<NodeType> parse_node_type(std::string_view text) {
    const std::string lowered = to_lower_ascii(text);
    const auto found = std::find(kTypeNames.begin(), kTypeNames.end(), lowered);
    if (found == kTypeNames.end()) {
        return std::nullopt;
    }
    return static_cast<NodeType>(found - kTypeNames.begin());
}

} // namespace birdhouse::model
