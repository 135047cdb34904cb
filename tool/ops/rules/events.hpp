// What becomes of events: which columns they fill, and what is asked of who sends them.
#pragma once

#include "ops/rules/rule.hpp"

namespace birdhouse::ops {

void check_paths_of_all(const RuleFacts& facts, Diagnostics& problems);
void check_event_types(const RuleFacts& facts, Diagnostics& problems);
void check_list_paths(const RuleFacts& facts, Diagnostics& problems);
void check_kept_for_ever(const RuleFacts& facts, Diagnostics& problems);
void check_required_keys(const RuleFacts& facts, Diagnostics& problems);
void check_number_of_columns(const RuleFacts& facts, Diagnostics& problems);

} // namespace birdhouse::ops
