// Who depends on whom in a project: connections, datasources and pipes, and between them the ways that rows
// take. Knows nothing of how it is drawn or written down.
#pragma once

#include "codec/dependencies.hpp"
#include "model/project.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

enum class ResourceKind : std::uint8_t {
    Connection,
    Datasource,
    Materialized, // a pipe, as are the next four
    Copy,
    Endpoint,
    Sink,
    Pipe,       // of standard nodes only
    Quarantine, // the rows that ingestion put aside from a datasource
    Service,    // a table of the service or of another workspace: `tinybird.pipe_stats_rt`
    Unknown,    // a name that stands for nothing in the project
};

struct Resource {
    ResourceKind kind = ResourceKind::Datasource;
    std::string name;
    std::string id;        // `datasource.llm_events`: no other resource has it, and it fits a link
    bool declared = false; // in a file of the project; others are known because something names them
    friend bool operator==(const Resource&, const Resource&) = default;
};

// What the receiving or the sending end does; each link points the way the rows go.
enum class LinkKind : std::uint8_t {
    Reads,        // a pipe reads the table or pipe
    Materializes, // a pipe writes into the datasource with each insert
    Copies,       // a pipe writes into the datasource when it runs
    Sends,        // a pipe sends to the connection
    Ingests,      // a datasource takes in what comes from the connection
    PutsAside,    // a datasource keeps the rows that it refuses there
};

// A node of the pipe at one end, and the name under which it knows the other end: `events` for `events__v2`.
struct LinkMention {
    std::string node;
    std::string name;
    friend bool operator==(const LinkMention&, const LinkMention&) = default;
};

struct ResourceLink {
    LinkKind kind = LinkKind::Reads;
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<LinkMention> mentions; // in the order of the nodes; none where no pipe is at an end
    friend bool operator==(const ResourceLink&, const ResourceLink&) = default;
};

struct ResourceGraph {
    std::vector<Resource> resources; // by kind, then name; pipes of all kinds together
    std::vector<ResourceLink> links; // by resource, at most one of a kind between two
    friend bool operator==(const ResourceGraph&, const ResourceGraph&) = default;
};

bool is_pipe(ResourceKind kind);
ResourceKind kind_of(const model::Pipe& pipe);
// "materialized pipe", for people; in the plural "Materialized pipes", for headings.
std::string_view singular(ResourceKind kind);
std::string_view plural(ResourceKind kind);

ResourceGraph make_resource_graph(const model::Project& project,
                                  std::span<const codec::Dependency> dependencies);

// A flowchart in Mermaid's language.
std::string render_mermaid(const ResourceGraph& graph);

} // namespace birdhouse::ops
