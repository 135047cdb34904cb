// Who reads what: every table that the nodes of a project name, and what the name stands for.
#pragma once

#include "base/diagnostic.hpp"
#include "codec/mapped_sql.hpp"
#include "codec/table_names.hpp"
#include "model/project.hpp"
#include "syntax/sql_outline.hpp"

#include <optional>
#include <string>
#include <vector>

namespace birdhouse::codec {

// One mention of a table by a node.
struct Dependency {
    const model::Pipe* pipe = nullptr;
    const model::Node* node = nullptr;
    std::string name;
    std::string database;            // `tinybird`, `system`, a workspace; empty when the name stands alone
    std::optional<NamedTable> table; // nothing: no resource of the project is called so
    syntax::TableUse use = syntax::TableUse::Source;
    Span place;
};

// A node with every parameter a placeholder, as the service renders it to check it.
struct RenderedNode {
    const model::Pipe* pipe = nullptr;
    const model::Node* node = nullptr;
    MappedSql text;
    syntax::SqlOutline outline;
};

// One entry a node that renders, in the order of the pipes; what a template does wrong is reported.
std::vector<RenderedNode> render_for_checks(const model::Project& project, Diagnostics& diagnostics);

// By pipe, node and place.
std::vector<Dependency> find_dependencies(const model::Project& project,
                                          const std::vector<RenderedNode>& nodes);
std::vector<Dependency> find_dependencies(const model::Project& project, Diagnostics& diagnostics);

} // namespace birdhouse::codec
