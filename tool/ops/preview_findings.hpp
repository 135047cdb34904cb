// What is found at each change by itself: its codes, the readers it breaks, what the canary saw; and how
// all findings of a preview are put in order.
#pragma once

#include "ops/canary_static.hpp"
#include "ops/migration_preview.hpp"

#include <vector>

namespace birdhouse::ops {

std::vector<PreviewFinding> findings_of_changes(const DiffReport& diff,
                                                const std::vector<CanaryFinding>& canary);
// Counts of samples stand beside what would be lost.
void add_counts(MigrationPreview& preview);
// The worst first, each once, those that are allowed marked.
void settle(std::vector<PreviewFinding>& findings, const std::vector<model::Allowance>& allow);

} // namespace birdhouse::ops
