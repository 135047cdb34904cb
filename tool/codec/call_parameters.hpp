// The parameters of a call: of the node that answers it and of all that this node reads, since a request's
// values reach all of them.
#pragma once

#include "model/project.hpp"
#include "syntax/template.hpp"

#include <vector>

namespace birdhouse::codec {

// The nodes that a run of `node` renders, each once, by composing the query with all parameters absent. A
// query that cannot be composed so is told of by the pipe's own nodes.
std::vector<const model::Node*> nodes_behind(const model::Project& project, const model::Pipe& pipe,
                                             const model::Node& node);

// In the order they are found.
std::vector<syntax::MergedParameter> call_parameters(const model::Project& project, const model::Pipe& pipe,
                                                     const model::Node& node);

} // namespace birdhouse::codec
