// What the service allows only so much of.
#pragma once

#include "ops/rules/rule.hpp"

#include <optional>
#include <string_view>

namespace birdhouse::ops {

void check_copy_schedules(const RuleFacts& facts, Diagnostics& problems);
void check_sql_length(const RuleFacts& facts, Diagnostics& problems);

// The fewest minutes between two runs of a cron expression within one hour; nothing when it runs once an hour
// or less often, or does not read.
std::optional<unsigned> shortest_pause(std::string_view cron);

} // namespace birdhouse::ops
