// The SQL and the templates of nodes, each looked at by itself.
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_statements(const RuleFacts& facts, Diagnostics& problems);
void check_parameter_names(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
