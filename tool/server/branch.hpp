// A branch: a workspace of its own that begins as a copy of the one it is made from.
#pragma once

#include "server/core.hpp"
#include "server/database_copy.hpp"

#include <memory>
#include <string>

namespace birdhouse::server {

// With the live datafiles of `main`, the tokens that they name (of another text), its variables, and as many
// of its rows as told. Nobody sees it before it is whole. The caller holds no gate.
Result<std::shared_ptr<Workspace>> make_branch(Core& core, Workspace& main, const std::string& name,
                                               CopiedRows rows);

} // namespace birdhouse::server
