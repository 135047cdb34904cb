// A pipe as a value: a chain of SQL nodes of which at most one is published, materialised, copied or sent.
#pragma once

#include "base/source.hpp"
#include "model/datasource.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::model {

enum class NodeType { Standard, Endpoint, Materialized, Copy, Sink };

struct Node {
    std::string name;
    std::string description;
    std::string sql; // as written, with its `%` line when it is a template; no trailing blank lines
    NodeType type = NodeType::Standard;
    // Where each line of `sql` stands in the file it was read from, so that an error in the SQL points there.
    // One entry a line of `sql`; empty when the node was made by a program.
    std::vector<Origin> line_origins;
    Origin origin;
    friend bool operator==(const Node& a, const Node& b) {
        return a.name == b.name && a.description == b.description && a.sql == b.sql && a.type == b.type;
    }
};

struct Pipe {
    std::string name; // as it is published: with its version from 2 on, see pipe_version.hpp
    std::string description;
    std::uint32_t version = 1; // of a definition; datafiles have it in their names alone
    std::vector<Node> nodes;
    std::string target_datasource;            // DATASOURCE of a materialisation, TARGET_DATASOURCE of a copy
    std::string copy_schedule;                // cron or @on-demand
    std::string copy_mode;                    // append | replace; empty when not given
    std::string deployment_method;            // alter; empty when not given
    std::string cache_seconds;                // CACHE of an endpoint, a whole number; empty when not given
    std::vector<Setting> export_settings;     // EXPORT_* of a sink, in file order
    std::optional<TableEngine> target_engine; // Classic: the target is made by the pipe, with this engine
    std::optional<std::uint32_t> classic_version; // VERSION: the deployed pipe is called name__vN
    std::vector<Token> tokens;
    std::vector<std::string> tags;
    std::string template_file; // a template of the project's own; empty for the standard one
    Origin origin;
    friend bool operator==(const Pipe&, const Pipe&) = default;
};

// The node that gives the pipe its kind: the one that is not standard, else null.
const Node* published_node(const Pipe& pipe);
// The node whose result the pipe's name stands for: the published one, else the last. Null without nodes.
const Node* result_node(const Pipe& pipe);
const Node* find_node(const Pipe& pipe, std::string_view name);

std::string_view to_string(NodeType type);
std::optional<NodeType> parse_node_type(std::string_view text); // any case

} // namespace birdhouse::model
