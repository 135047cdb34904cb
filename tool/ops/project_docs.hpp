// The documentation of a project as values: one page for each resource, and the graph that links them. Made
// once, then written as Markdown or HTML. What must not be shown is gone from these values already.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "codec/dependencies.hpp"
#include "model/project.hpp"
#include "ops/project.hpp"
#include "ops/resource_graph.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// "Sorting key": `model, start_time, id`.
struct DocFact {
    std::string label;
    std::string value;
    bool code = true; // false: prose
};

struct DocColumn {
    std::string name;
    std::string type;
    std::string path;
    std::string default_value; // or MATERIALIZED and its expression
    std::string codec;
    std::string privacy; // `ip`; empty when nothing is known
    std::string rules;   // of the definition: "one of `success`, `error`"
    std::string description;
};

struct DocIndex {
    std::string name;
    std::string expression;
    std::string type;
    std::string granularity;
};

struct DocParameter {
    std::string name;
    std::string type;
    std::string default_value; // as it would be written in the pipe; empty when there is none
    bool required = false;
    std::string description;
    std::string values; // what `enum`, `format` and `example` say of it
    std::string from;   // the pipe that asks for it, when this one only reads that pipe
};

struct DocNode {
    std::string name;
    std::string type; // endpoint, materialized, ...; empty for a standard node
    std::string description;
    std::string sql;
    // What the SQL names in table positions, and where it leads.
    struct Table {
        std::string name; // without a database
        std::size_t resource = 0;
    };
    std::vector<Table> tables;
};

// "Read by": the resources at the other ends of links.
struct DocRelation {
    std::string label;
    std::vector<std::size_t> ends;
};

struct DocPage {
    std::size_t resource = 0;
    std::string summary; // the description's first sentence or line
    std::string description;
    std::string file; // that declares it
    std::vector<std::string> tags;
    std::vector<std::string> tokens; // "tracker (append)"
    std::vector<DocFact> facts;
    std::vector<DocRelation> relations; // where its rows come from first, then where they go
    std::vector<DocParameter> parameters;
    std::vector<DocColumn> columns;
    std::vector<DocIndex> indexes;
    std::vector<DocNode> nodes;
    std::string forward_query;
};

struct ProjectDocs {
    std::string name;
    ResourceGraph graph;
    std::vector<DocPage> pages; // one a resource, in the graph's order
};

ProjectDocs make_project_docs(const model::Project& project, const SourceMap& sources,
                              std::span<const codec::Dependency> dependencies);

// Of a project that was read; templates that fail are reported, and what they read is missing from the graph.
ProjectDocs make_project_docs(const OpenProject& open, Diagnostics& problems);

// "8 datasources, 2 endpoints": what there is, in the order of the pages.
std::string counted_resources(const ResourceGraph& graph);

std::string render_markdown(const ProjectDocs& docs);
// One file that needs nothing else: styles, script and drawings stand in it.
std::string render_html(const ProjectDocs& docs);

enum class DocsFormat : std::uint8_t { Html, Markdown, Mermaid };

std::optional<DocsFormat> parse_docs_format(std::string_view text);
// What the file is called when it is written: index.html, README.md, graph.mmd.
std::string_view file_name(DocsFormat format);
std::string render_docs(const ProjectDocs& docs, DocsFormat format);

} // namespace birdhouse::ops
