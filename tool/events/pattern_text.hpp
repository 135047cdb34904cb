// A text that a regular expression matches, made from the expression. Knows literals, classes, groups,
// alternatives and repetition, which is what patterns of columns are made of; the caller asks the expression
// itself whether the text will do.
#pragma once

#include "events/chance.hpp"

#include <string>
#include <string_view>

namespace birdhouse::events {

std::string text_for_pattern(std::string_view pattern, Chance& chance);

} // namespace birdhouse::events
