// What changed between two states of a project, by meaning: layout, comments, quotes and the order of
// directives are no change. Pure; who reads what changed is assessed_change.hpp's.
#pragma once

#include "model/change.hpp"
#include "model/project.hpp"

#include <vector>

namespace birdhouse::codec {

// By datasource, pipe, connection and project, then by name; within one resource by part and kind.
// Resources are matched by name.
std::vector<model::Change> diff_projects(const model::Project& before, const model::Project& after);

} // namespace birdhouse::codec
