// Answers as JSON, with the headers that real clients compare.
#pragma once

#include "net/http.hpp"
#include "server/api_result.hpp"

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace birdhouse::server {

// One client compares this text as a whole, and reads JSON only then.
inline constexpr std::string_view kJsonType = "application/json; charset=UTF-8";

net::HttpResponse json_answer(const nlohmann::ordered_json& json, int status = 200);
// `{"error": "..."}`
net::HttpResponse error_answer(const ApiError& error);
net::HttpResponse text_answer(std::string text);

} // namespace birdhouse::server
