// Which columns of endpoints come from which columns of datasources, through nodes, pipes, materializations
// and copies. Made of what the engine's analyzer says of each node; pure.
#pragma once

#include "model/project.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// A column of a datasource, or of what a node gives.
struct LineageColumn {
    std::string resource; // the datasource or pipe
    std::string node;     // of a pipe
    std::string column;
    bool of_datasource() const { return node.empty(); }
    friend auto operator<=>(const LineageColumn&, const LineageColumn&) = default;
};

// `llm_events.cost_usd`, `hourly_usage.spend`, `hourly_usage/by_hour.spend`.
std::string to_string(const LineageColumn& column);

struct MadeColumn {
    std::string name;
    std::string type;                   // as the engine prints it
    std::vector<LineageColumn> made_of; // of what the node reads; sorted
};

struct NodeLineage {
    const model::Pipe* pipe = nullptr;
    const model::Node* node = nullptr;
    std::vector<MadeColumn> columns;
    std::vector<LineageColumn> reads; // to show, filter, group, order or join; sorted
};

class ColumnLineage {
public:
    ColumnLineage() = default;
    // The pipes outlive this.
    explicit ColumnLineage(std::vector<NodeLineage> nodes);

    const std::vector<NodeLineage>& nodes() const { return nodes_; }
    // Null for a node that the engine did not take.
    const NodeLineage* find(std::string_view pipe, std::string_view node) const;
    bool knows(std::string_view pipe, std::string_view node) const { return find(pipe, node) != nullptr; }
    // Does the node itself read the column, or a part of it?
    bool reads(std::string_view pipe, std::string_view node, const LineageColumn& column) const;

    // All that is made of the column, step by step, nearest first: columns of nodes and of the datasources
    // that pipes write.
    std::vector<LineageColumn> made_from(const LineageColumn& column) const;
    // All that the column is made of, nearest first: columns of nodes and of datasources.
    std::vector<LineageColumn> origins_of(const LineageColumn& column) const;
    // Of those the columns that an endpoint shows, by pipe and column.
    std::vector<LineageColumn> endpoint_columns_from(const LineageColumn& column) const;

private:
    using Edges = std::map<LineageColumn, std::set<LineageColumn>>;
    static std::vector<LineageColumn> walk(const Edges& edges, const LineageColumn& from);

    std::vector<NodeLineage> nodes_;
    std::map<std::pair<std::string, std::string>, std::size_t, std::less<>> index_;
    Edges makes_;
    Edges comes_from_;
};

} // namespace birdhouse::codec
