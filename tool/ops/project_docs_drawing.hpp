// The graph as an SVG drawing for the HTML page: boxes that are links, coloured by classes of the page's
// styles.
#pragma once

#include "ops/resource_graph.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops::docs {

// The class of a kind in the page's styles and the name of its icon: `datasource`, `outside`.
std::string_view style_of(const Resource& resource);
std::string_view style_of(ResourceKind kind);
std::string_view icon_of(ResourceKind kind);

// The whole graph. `summaries` are told when the pointer rests on a box, one a resource.
std::string draw_graph(const ResourceGraph& graph, const std::vector<std::string>& summaries);

// A resource, and what it is linked to directly. Empty when that is nothing, or too much to be seen at a
// glance.
std::string draw_surroundings(const ResourceGraph& graph, std::size_t resource);

} // namespace birdhouse::ops::docs
