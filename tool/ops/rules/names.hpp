// Names of datafiles, their columns and nodes. Those of definitions are held to more by their readers.
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_names(const RuleFacts& facts, Diagnostics& problems);
void check_reserved_names(const RuleFacts& facts, Diagnostics& problems);
void check_hidden_resources(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
