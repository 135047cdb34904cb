// The canary without rows: every query of a state is described on the engine and held against the table it
// fills. What the later state does worse than the earlier one is what a change breaks: a view that fails at
// the next insert, a NULL that reaches a column that takes none, an output that the target does not have.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/assessed_change.hpp"
#include "model/project.hpp"
#include "ops/describe_query.hpp"
#include "target/target.hpp"

#include <string>
#include <vector>

namespace birdhouse::ops {

// What the engine makes of one node.
struct DescribedNode {
    const model::Pipe* pipe = nullptr;
    const model::Node* node = nullptr;
    bool accepted = false;
    bool known = true;                 // false: it rests on what only the workspace knows
    std::vector<OutputColumn> columns; // of a node that fills a target or is an endpoint's result
    std::vector<Diagnostic> problems;  // of it and its target
};

struct DescribedState {
    std::vector<DescribedNode> nodes; // in the order of the pipes; they point into the project
};

// No other engine may be open.
Result<DescribedState> describe_state(const model::Project& project, const SourceMap& sources,
                                      target::TargetOpener& targets);

struct CanaryFinding {
    const Code* code = nullptr;
    const model::Pipe* pipe = nullptr; // of the later state
    const model::Node* node = nullptr;
    Span place;
    std::string message;
    std::string help;
};

// `changes` say where a NULL may come from.
std::vector<CanaryFinding> compare_described(const DescribedState& before, const DescribedState& after,
                                             const model::Project& later,
                                             const std::vector<codec::AssessedChange>& changes);

// Changes of what endpoints return, by the engine's types.
std::vector<model::Change> diff_described_outputs(const DescribedState& before, const DescribedState& after);

} // namespace birdhouse::ops
