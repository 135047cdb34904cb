// A Tinybird target as ops see it: opened with the credentials that are found, known to be the workspace that
// birdhouse.yaml means, and what it holds read into the model.
#pragma once

#include "base/result.hpp"
#include "ops/diff.hpp"
#include "ops/session.hpp"
#include "target/workspace.hpp"

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace birdhouse::ops {

bool is_workspace(const model::TargetSettings& settings);

// Nothing is asked of it yet.
Result<std::unique_ptr<target::WorkspaceTarget>>
open_workspace(const model::TargetSettings& settings, const Session& session, const std::stop_token& stop);

// Refused when the token is another workspace's than `workspace:` of birdhouse.yaml.
Result<target::WorkspaceIdentity> know_workspace(target::WorkspaceTarget& workspace,
                                                 const model::TargetSettings& settings);

// What is said once, to the service, and is no part of what a resource is: how rows get there.
void forget_ways(model::Project& project);

// Datafiles as one state of a project. `name` is for messages.
Result<DiffSide> read_side(const std::string& name, std::span<const target::WorkspaceFile> files,
                           const model::TargetSettings& settings, const Session& session);

} // namespace birdhouse::ops
