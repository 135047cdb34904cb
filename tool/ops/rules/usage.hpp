// Resources that nothing reads.
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_unused_datasources(const RuleFacts& facts, Diagnostics& problems);
void check_unused_pipes(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
