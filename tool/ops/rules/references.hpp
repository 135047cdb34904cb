// Names of one resource in another: do they stand for something, and do they lead back to where they began?
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_tables(const RuleFacts& facts, Diagnostics& problems);
void check_undeclared(const RuleFacts& facts, Diagnostics& problems);
void check_targets(const RuleFacts& facts, Diagnostics& problems);
void check_rings(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
