// What may stand between `{{` and `}}`: a small part of Python. Statements are not held to it.
#pragma once

#include "syntax/expression.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::syntax {

struct WhitelistFault {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string message; // the service's words
    std::string plain;   // ours
    std::string help;
};

// The first construct of the tree that is not allowed.
std::optional<WhitelistFault> check_whitelist(const Expression& expression, std::string_view text);

// A statement where an expression belongs, such as `a = 1`: refused by the same rule.
WhitelistFault refuse_statement(const Expression& statement, std::string_view text);

} // namespace birdhouse::syntax
