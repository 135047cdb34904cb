// Tinybird's own way to rebuild: a second datasource beside the first, with other keys or one column more,
// fed by a sync and a copy. Seen alone it is an addition; what it is for shows beside its original.
#pragma once

#include "model/change.hpp"
#include "ops/diff.hpp"

#include <vector>

namespace birdhouse::ops {

struct Twin {
    const model::Datasource* original = nullptr; // of the earlier state
    const model::Datasource* twin = nullptr;     // of the later one, new in it
    std::vector<model::Change> changes;          // from the one to the other, storage only
    // The materializations that fill them, when each has one of its own.
    const model::Pipe* original_view = nullptr;
    const model::Pipe* twin_view = nullptr;
};

std::vector<Twin> find_twins(const model::Project& before, const model::Project& after);

} // namespace birdhouse::ops
