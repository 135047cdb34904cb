#include "codec/column_lineage.hpp"

#include "codec/pipe_diff.hpp"

#include <algorithm>
#include <utility>

namespace birdhouse::codec {

namespace {

LineageColumn output_of(const NodeLineage& node, std::string_view column) {
    return {node.pipe->name, node.node->name, std::string(column)};
}

bool fills_target(const NodeLineage& node) {
    return node.node == model::published_node(*node.pipe) && !node.pipe->target_datasource.empty();
}

} // namespace

std::string to_string(const LineageColumn& column) {
    const std::string node = column.node.empty() ? "" : "/" + column.node;
    return column.resource + node + "." + column.column;
}

ColumnLineage::ColumnLineage(std::vector<NodeLineage> nodes) : nodes_(std::move(nodes)) {
    const auto join = [this](const LineageColumn& made, const LineageColumn& from) {
        makes_[from].insert(made);
        comes_from_[made].insert(from);
    };
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const NodeLineage& node = nodes_[i];
        index_.try_emplace({node.pipe->name, node.node->name}, i);
        for (const MadeColumn& column : node.columns) {
            const LineageColumn made = output_of(node, column.name);
            for (const LineageColumn& from : column.made_of) {
                join(made, from);
            }
            if (fills_target(node)) {
                join({node.pipe->target_datasource, "", column.name}, made);
            }
        }
    }
}

const NodeLineage* ColumnLineage::find(std::string_view pipe, std::string_view node) const {
    const auto found = index_.find(std::pair(std::string(pipe), std::string(node)));
    return found == index_.end() ? nullptr : &nodes_[found->second];
}

bool ColumnLineage::reads(std::string_view pipe, std::string_view node, const LineageColumn& column) const {
    const NodeLineage* known = find(pipe, node);
    return known != nullptr && std::binary_search(known->reads.begin(), known->reads.end(), column);
}

std::vector<LineageColumn> ColumnLineage::walk(const Edges& edges, const LineageColumn& from) {
    std::vector<LineageColumn> reached;
    std::set<LineageColumn> seen{from};
    const auto add_next = [&](const LineageColumn& column) {
        const auto found = edges.find(column);
        if (found == edges.end()) {
            return;
        }
        for (const LineageColumn& next : found->second) {
            if (seen.insert(next).second) {
                reached.push_back(next);
            }
        }
    };
    add_next(from);
    for (std::size_t i = 0; i < reached.size(); ++i) { // grows while it is walked
        const LineageColumn column = reached[i];
        add_next(column);
    }
    return reached;
}

std::vector<LineageColumn> ColumnLineage::made_from(const LineageColumn& column) const {
    return walk(makes_, column);
}

std::vector<LineageColumn> ColumnLineage::origins_of(const LineageColumn& column) const {
    return walk(comes_from_, column);
}

std::vector<LineageColumn> ColumnLineage::endpoint_columns_from(const LineageColumn& column) const {
    std::vector<LineageColumn> shown;
    for (const LineageColumn& made : made_from(column)) {
        const NodeLineage* node = made.of_datasource() ? nullptr : find(made.resource, made.node);
        if (node != nullptr && type_of(*node->pipe) == model::NodeType::Endpoint &&
            node->node == model::published_node(*node->pipe)) {
            shown.push_back(made);
        }
    }
    std::sort(shown.begin(), shown.end());
    return shown;
}

} // namespace birdhouse::codec
