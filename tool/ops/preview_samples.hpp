// Stored samples of a state, `fixtures/<datasource>.ndjson`, held against the schemas before and after a
// change, and run as rows through what would be lost.
#pragma once

#include "base/result.hpp"
#include "model/schema.hpp"
#include "ops/diff.hpp"
#include "ops/verdict_change.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace birdhouse::ops {

// How many samples carry a JSON path.
struct PathShare {
    std::string column;
    std::string path;
    std::uint64_t carried = 0;
};

// The samples of one datasource.
struct SampleComparison {
    std::string datasource;
    std::vector<std::string> files;
    VerdictChange verdicts;
    std::vector<std::string>
        reasons; // why the later schema refuses what the earlier took, the most frequent first
    std::vector<PathShare> paths; // of columns whose path changed, the old and the new one
};

// Of the datasources whose columns change and that take events in both states. Files that both states have
// with the same bytes count once.
Result<std::vector<SampleComparison>> compare_samples(const DiffReport& diff, Session& session);

// How many of the earlier state's samples would lose something, by a query that counts them: `{subject:
// rows}`.
struct CountedSamples {
    std::string code;
    std::string subject;
    std::uint64_t lost = 0;
    std::uint64_t rows = 0; // all samples of the table
};
// No other engine may be open.
Result<std::vector<CountedSamples>> count_in_samples(const DiffReport& diff, const model::Schema& before,
                                                     const std::vector<model::StepAction>& steps,
                                                     Session& session);

} // namespace birdhouse::ops
