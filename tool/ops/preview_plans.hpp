// The four plans of a preview: statements for the targets that speak SQL, what Forward and Classic do.
#pragma once

#include "ops/migration_preview.hpp"
#include "ops/preview_twins.hpp"

#include <vector>

namespace birdhouse::ops {

// embedded, clickhouse, tinybird_forward, tinybird_classic. `before` is the schema that the steps meet,
// `after` the one that is declared.
std::vector<target::ResourcePlan> make_plans(const MigrationPreview& preview, const model::Schema& before,
                                             const model::Schema& after, const std::vector<Twin>& twins);

} // namespace birdhouse::ops
