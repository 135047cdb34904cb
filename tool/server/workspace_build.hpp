// A build or deployment of a workspace, from the files that were sent to what is served.
#pragma once

#include "server/build.hpp"
#include "server/core.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::server {

// How the refusal of a deployment begins whose rows could not be moved; the engine's words follow.
inline constexpr std::string_view kMigrationFailed = "Error migrating data: ";

enum class BuildKind {
    Check,  // as a deployment; nothing is changed
    Build,  // of a branch or a local workspace: a schema may break
    Deploy, // what loses rows is refused, unless it is allowed
    Stage,  // the same, beside what is live: until it is promoted
};

struct BuildRequest {
    std::vector<Datafile> files;
    BuildKind kind = BuildKind::Build;
    bool may_lose = false; // datasources with their rows
};

struct BuildOutcome {
    BuildChanges changes;
    std::vector<DataMovement> movements;
    std::vector<FileProblem> problems; // any: nothing was changed
    std::vector<std::string> refusals; // of a deployment: what it would lose, or that another one is staged
    std::optional<Deployment> made;
    bool done() const { return problems.empty() && refusals.empty(); }
};

// Requests to the workspace wait while its tables change.
Result<BuildOutcome> build_workspace(Core& core, Workspace& workspace, BuildRequest request);

} // namespace birdhouse::server
