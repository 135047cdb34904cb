#pragma once

#include "codec/change_list.hpp"
#include "model/change.hpp"

#include <vector>

namespace birdhouse::codec {

// Two states of one pipe: what it is, its nodes, what it returns, its parameters, where its rows go.
std::vector<model::Change> diff_pipe(const model::Pipe& before, const model::Pipe& after);

// What the pipe is: the type of its published node. A pipe that publishes none and has tokens is an endpoint,
// as Classic publishes the last node of such a pipe.
model::NodeType type_of(const model::Pipe& pipe);

// A pipe that came or went as a whole.
model::Change added_pipe(const model::Pipe& pipe);
model::Change dropped_pipe(const model::Pipe& pipe);

} // namespace birdhouse::codec
