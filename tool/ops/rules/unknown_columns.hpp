// Columns that a datasource names and does not have.
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_engine_columns(const RuleFacts& facts, Diagnostics& problems);
void check_index_columns(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
