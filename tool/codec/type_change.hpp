// What a change of a column's type does to the values that are stored.
#pragma once

#include "model/change.hpp"

#include <string_view>
#include <vector>

namespace birdhouse::codec {

// The kinds of change from one type to the other, each once, in the order of ChangeKind: a type may become
// Nullable and wider at once. None when both texts mean one type. A text that is no type is TypeChanged.
std::vector<model::ChangeKind> compare_types(std::string_view before, std::string_view after);

// Does every value of the one type have a value of its own in the other?
bool keeps_every_value(std::string_view before, std::string_view after);

} // namespace birdhouse::codec
