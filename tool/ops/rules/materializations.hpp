// Materialized pipes and the datasources they fill.
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_target_columns(const RuleFacts& facts, Diagnostics& problems);
void check_write_rings(const RuleFacts& facts, Diagnostics& problems);
void check_double_filling(const RuleFacts& facts, Diagnostics& problems);
void check_select_all(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
