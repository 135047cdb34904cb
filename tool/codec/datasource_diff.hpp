#pragma once

#include "model/change.hpp"

#include <vector>

namespace birdhouse::codec {

// Two states of one datasource. Columns first, then keys and engine, then what goes in and out.
std::vector<model::Change> diff_datasource(const model::Datasource& before, const model::Datasource& after);

} // namespace birdhouse::codec
