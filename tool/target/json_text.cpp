#include "target/json_text.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::target {

std::string text_in(const nlohmann::json& json, const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    if (found == json.end()) {
        return {};
    }
    if (found->is_string()) {
        return found->get<std::string>();
    }
    return found->is_number() ? found->dump() : std::string();
}

bool flag_in(const nlohmann::json& json, const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_boolean() && found->get<bool>();
}

const nlohmann::json& list_in(const nlohmann::json& json, const char* key) {
    static const nlohmann::json kNone = nlohmann::json::array();
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_array() ? *found : kNone;
}

} // namespace birdhouse::target
