#include "server/json_answer.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::server {

net::HttpResponse json_answer(const nlohmann::ordered_json& json, int status) {
    return {status,
            std::string(kJsonType),
            json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
            {}};
}

net::HttpResponse error_answer(const ApiError& error) {
    return json_answer({{"error", error.text}}, error.status);
}

net::HttpResponse text_answer(std::string text) {
    // Tinybird's Python client takes this very type for text, and any other for JSON.
    return {200, "text/plain", std::move(text), {}};
}

} // namespace birdhouse::server
