// Model values for the tests of generation.
#pragma once

#include "model/project.hpp"

#include <random>
#include <string>

namespace birdhouse::testing {

// Every field that a datafile can hold.
model::Datasource full_datasource();
model::Pipe full_pipe();

// Any datasource or pipe that a datafile can hold.
model::Datasource random_datasource(std::mt19937& random);
model::Pipe random_pipe(std::mt19937& random);

} // namespace birdhouse::testing
