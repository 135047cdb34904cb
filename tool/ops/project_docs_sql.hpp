// SQL of a node as HTML: words coloured by what they are, names of tables leading to their pages.
#pragma once

#include "ops/project_docs.hpp"

#include <string>

namespace birdhouse::ops::docs {

std::string sql_as_html(const DocNode& node, const ResourceGraph& graph);

} // namespace birdhouse::ops::docs
