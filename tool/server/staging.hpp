// A deployment that is not live yet: beside the live one, asked with `__tb__deployment=staging`, written to
// with it, promoted or discarded.
#pragma once

#include "server/routes.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace birdhouse::server {

// What the call is for: the staged deployment when it says so and there is one, else the live one. Whoever
// reads its tables holds the workspace's gate.
Deployed deployed_of(const Call& call);
bool is_for_staging(const Call& call);
Deployed deployed_of(Workspace& workspace, bool for_staging);

// A deployment that is promoted must hold every row that was acknowledged while it waited, so what is done to
// a live datasource is done to the staged one of the same name before the answer. The caller holds the gate,
// and no connection to the engine. A deployment that cannot take it is given up: the live one goes on.
using Write = std::function<ApiStatus(const Deployed&)>;
// Nothing is to be done for a call that is for staging itself.
ApiStatus write_to_staging(const Call& call, const std::string& datasource, const Write& write);
ApiStatus write_to_staging(Core& core, Workspace& workspace, const std::string& datasource,
                           const Write& write);

// Puts the staged deployment of this id in the place of the live one, which goes. That is noted on disk, or
// nothing changes; nothing changes either when no such deployment waits.
Result<void> promote_staging(Core& core, Workspace& workspace, std::uint64_t id);
Result<void> discard_staging(Core& core, Workspace& workspace, std::uint64_t id);

// The callers of these two hold the workspace's mutex. The deployment of this id is live, and the one before
// deleted.
void make_live(std::vector<Deployment>& deployments, std::uint64_t id, const std::string& now);
// Tokens that the live datafiles name: made when they are new, with the scopes that the files give now.
void follow_tokens(Workspace& workspace, const Core& core);

} // namespace birdhouse::server
