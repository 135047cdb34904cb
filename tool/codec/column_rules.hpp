// The rules of a definition beyond the type, as `validate` goes by them.
#pragma once

#include "model/datasource.hpp"

#include <string>

namespace birdhouse::codec {

// "allowed: a, b; range: 0 to 9; max_chars: 120"; empty without rules.
std::string rules_text(const model::Column& column);

// Do both columns have the same rules, whatever the order of what they allow?
bool same_rules(const model::Column& a, const model::Column& b);

// Do the rules of `wide` take every value that those of `narrow` take?
bool takes_all(const model::Column& wide, const model::Column& narrow);

} // namespace birdhouse::codec
