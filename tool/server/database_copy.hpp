// What is live, once more in a database of its own, and as another content has it.
#pragma once

#include "server/workspace.hpp"
#include "target/channel.hpp"

#include <string>

namespace birdhouse::server {

// Makes `database` with the tables of `after` and what is live in them, converted as `apply_build` does.
// Nothing of it is left when that fails.
Result<void> copy_database(const Deployed& live, const Content& after, const std::string& database,
                           target::SqlChannel& channel);

} // namespace birdhouse::server
