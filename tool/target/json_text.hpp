// Fields of JSON that came from outside: nothing is assumed of what they hold.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace birdhouse::target {

// Empty when `json` is no object, or holds no text of that name. A number is its digits.
std::string text_in(const nlohmann::json& json, const char* key);
bool flag_in(const nlohmann::json& json, const char* key);
// An empty list when there is none of that name.
const nlohmann::json& list_in(const nlohmann::json& json, const char* key);

} // namespace birdhouse::target
