#pragma once

#include "codec/assessed_change.hpp"

#include <vector>

namespace birdhouse::codec {

// Findings that no change shows alone: an import query that does not follow the schema, a FORWARD_QUERY that
// was left behind, one column changed twice, a target that outlives its source.
void add_consequences(std::vector<AssessedChange>& changes, const model::Project& before,
                      const model::Project& after, const ReaderIndex& index);

} // namespace birdhouse::codec
