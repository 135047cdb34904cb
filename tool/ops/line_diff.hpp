// The difference of two texts, line by line, in unified form.
#pragma once

#include <string>
#include <string_view>

namespace birdhouse::ops {

// Empty when the texts are equal. Texts that have little in common are shown as wholly replaced.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name);

} // namespace birdhouse::ops
