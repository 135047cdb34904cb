// The parameters of a pipe, gathered from the templates of all its nodes.
#pragma once

#include "model/change.hpp"
#include "model/pipe.hpp"

#include <vector>

namespace birdhouse::codec {

// By name. A node whose template does not read adds none.
std::vector<model::Parameter> pipe_parameters(const model::Pipe& pipe);

} // namespace birdhouse::codec
