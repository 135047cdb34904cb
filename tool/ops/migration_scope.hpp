// Which tables and views migrations can have to do with: those that their steps change, and all that hangs
// together with them by views. What lies outside need not be built to prove them.
#pragma once

#include "ops/migration_plan.hpp"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::ops {

using TableNames = std::set<std::string, std::less<>>;

// Views count as they ever were: an earlier step made them as they were then.
TableNames scope_of(std::span<const PlannedMigration> earlier, std::span<const PlannedMigration> pending);

// The steps that change something of the scope, in their order.
std::vector<PlannedMigration> within(std::span<const PlannedMigration> planned, const TableNames& scope);

} // namespace birdhouse::ops
