// What a migration step costs and leaves, in a line for whoever reviews the file.
#pragma once

#include "model/schema.hpp"

#include <string>

namespace birdhouse::model {

// `before` is the schema that the step meets.
std::string cost_of(const StepAction& action, const Schema& before);

} // namespace birdhouse::model
