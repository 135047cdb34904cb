// Findings that show only when two states and their plans are seen together: moments in time that divide old
// rows from new ones, copies out of a quarantine, connections that nothing declares, second datasources
// beside the first, the order of the steps.
#pragma once

#include "ops/migration_preview.hpp"
#include "ops/preview_twins.hpp"

#include <vector>

namespace birdhouse::ops {

std::vector<PreviewFinding> find_watermarks(const DiffReport& diff);
std::vector<PreviewFinding> find_quarantine_repairs(const DiffReport& diff);
std::vector<PreviewFinding> find_missing_connections(const DiffReport& diff);
std::vector<PreviewFinding> findings_of_twins(const DiffReport& diff, const std::vector<Twin>& twins);
std::vector<PreviewFinding> findings_of_drift(const DiffReport& diff);
std::vector<PreviewFinding> findings_of_forward_queries(const DiffReport& diff);
// A datasource that goes while one of the same shape comes.
std::vector<PreviewFinding> findings_of_renamed_datasources(const DiffReport& diff);
// Materializations that Forward fills again from a source whose rows are gone sooner than theirs.
std::vector<PreviewFinding> findings_of_histories(const DiffReport& diff,
                                                  const std::vector<PreviewStep>& steps);
// Of the steps as they are derived; `before` is the schema that the first one meets.
std::vector<PreviewFinding> findings_of_steps(const DiffReport& diff, const std::vector<PreviewStep>& steps,
                                              const model::Schema& before);
std::vector<PreviewFinding> findings_of_samples(const DiffReport& diff,
                                                const std::vector<SampleComparison>& samples);

} // namespace birdhouse::ops
