// Texts in addresses.
#pragma once

#include <string>
#include <string_view>

namespace birdhouse::target {

std::string percent_encoded(std::string_view text);

} // namespace birdhouse::target
