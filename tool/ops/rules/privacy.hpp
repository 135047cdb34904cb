// Tokens that open what leads to a person.
#pragma once

#include "ops/rules/rule.hpp"

#include <string_view>

namespace birdhouse::ops {

void check_personal_columns(const RuleFacts& facts, Diagnostics& problems);

// By its name: `email`, `client_ip`, `phone`.
bool sounds_personal(std::string_view column);

} // namespace birdhouse::ops
