// Workspaces as text, so that a server that is started again knows its tokens, variables and files.
#pragma once

#include "base/result.hpp"
#include "server/workspace.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::server {

// JSON. It holds secrets: the file belongs to its owner alone.
std::string write_state(const std::vector<std::shared_ptr<Workspace>>& workspaces);

// What `write_state` wrote. `config` is that of the server that reads. The error says what is wrong with it.
Result<std::vector<std::shared_ptr<Workspace>>> read_state(std::string_view text,
                                                           const model::Config& config);

} // namespace birdhouse::server
