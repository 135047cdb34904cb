// What an engine cannot do without.
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_engine_needs(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
