// A build or deployment of a workspace, from the files that were sent to what is served.
#pragma once

#include "server/build.hpp"
#include "server/core.hpp"

#include <vector>

namespace birdhouse::server {

enum class BuildKind {
    Check,  // nothing is changed
    Build,  // of a branch or a local workspace: a schema may break
    Deploy, // what loses rows is refused, unless it is allowed
    DeployDestructive,
};

struct BuildOutcome {
    BuildChanges changes;
    std::vector<FileProblem> problems; // any: nothing was changed
    std::vector<std::string> refusals; // of a deployment: what it would lose
    bool done() const { return problems.empty() && refusals.empty(); }
};

// Requests to the workspace wait while its tables change.
Result<BuildOutcome> build_workspace(Core& core, Workspace& workspace, std::vector<Datafile> files,
                                     BuildKind kind);

} // namespace birdhouse::server
