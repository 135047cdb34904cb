// What a preview comes to, from its changes, steps and findings.
#pragma once

#include "ops/migration_preview.hpp"
#include "ops/preview_twins.hpp"

#include <vector>

namespace birdhouse::ops {

Verdict judge(const MigrationPreview& preview, const std::vector<Twin>& twins);

} // namespace birdhouse::ops
