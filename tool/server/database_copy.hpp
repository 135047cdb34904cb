// What is live, once more in a database of its own, and as another content has it.
#pragma once

#include "server/workspace.hpp"
#include "target/channel.hpp"

#include <string>

namespace birdhouse::server {

// Of the last partition (the greatest partition ID): tables without partitions have one. What is in
// quarantine comes along with all rows alone.
enum class CopiedRows { All, LastPartition, None };

// Makes `database` with the tables of `after` and what is live in them, converted as `apply_build` does.
// Nothing of it is left when that fails.
Result<void> copy_database(const Deployed& live, const Content& after, CopiedRows rows,
                           const std::string& database, target::SqlChannel& channel);

} // namespace birdhouse::server
