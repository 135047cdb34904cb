// What may stand in the keys of a table, and what may be the time of its TTL.
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_nullable_keys(const RuleFacts& facts, Diagnostics& problems);
void check_key_order(const RuleFacts& facts, Diagnostics& problems);
void check_ttl_times(const RuleFacts& facts, Diagnostics& problems);
void check_version_in_key(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
