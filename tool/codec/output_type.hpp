// What another type of an endpoint's column is to those who read it.
#pragma once

#include "model/change.hpp"

#include <optional>
#include <string_view>

namespace birdhouse::codec {

// Nothing when both texts mean one type. Retyped when JSON shows the value another way, converted when only
// SQL sees a difference, encoded otherwise when only what is stored of it differs.
std::optional<model::ChangeKind> compare_output_types(std::string_view before, std::string_view after);

} // namespace birdhouse::codec
