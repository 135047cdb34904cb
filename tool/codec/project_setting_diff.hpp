#pragma once

#include "model/change.hpp"

#include <vector>

namespace birdhouse::codec {

// The settings of birdhouse.yaml, each by the name it has there.
std::vector<model::Change> diff_project_settings(const model::Config& before, const model::Config& after);

} // namespace birdhouse::codec
