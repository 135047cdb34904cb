// The parameters of a pipe, gathered from the templates of all its nodes.
#pragma once

#include "model/change.hpp"
#include "model/pipe.hpp"
#include "syntax/template.hpp"

#include <vector>

namespace birdhouse::codec {

// Every use in the order of the service's own search, with its place in the file that the node was read from.
// Names that the template itself assigns are none. Empty when the template does not read.
std::vector<syntax::TemplateParameter> node_parameters(const model::Node& node);

// Of all nodes, by name.
std::vector<syntax::MergedParameter> merged_parameters(const model::Pipe& pipe);

// The same as values of the model. A node whose template does not read adds none.
std::vector<model::Parameter> pipe_parameters(const model::Pipe& pipe);

} // namespace birdhouse::codec
