// Credentials that stand in files. What is found is pointed at and never repeated.
#pragma once

#include "ops/rules/rule.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace birdhouse::ops {

void check_secrets(const RuleFacts& facts, Diagnostics& problems);

struct SecretPlace {
    std::string_view what; // "a password in a URL"
    std::size_t begin = 0;
    std::size_t end = 0;
};

// The first credential in a text that is data: the inside of a literal, or a setting's value.
std::optional<SecretPlace> find_secret(std::string_view text);

} // namespace birdhouse::ops
