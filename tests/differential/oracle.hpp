// How the engine is asked whether a text is a value of a type, and what ingestion's own rules say before it
// is asked. JSONEachRow itself is no validator: null becomes 0, out of range becomes another number.
#pragma once

#include "value_grammar.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::differential {

// SQL over the column `s`: 1 when the engine reads it as a value of `type` without changing it.
std::string question(const std::string& type);

// A rule of ingestion that refuses or takes a value whatever the engine says.
struct OwnRule {
    std::string_view name;
    std::string_view reason;
    std::string_view type;    // an example of a type
    std::string_view example; // and of a value in JSON
    bool taken = false;
};

// Nothing: the engine decides.
const OwnRule* own_rule(const std::string& type, const Leaf& leaf);

// False for values that are taken though the engine's JSONEachRow does not read them as they are sent: what
// is written for it is another text then. (It counts the digits of a decimal before it looks at the
// exponent.)
bool engine_reads(const std::string& type, const Leaf& leaf);

// All rules, for the test that pins each.
struct OwnRules {
    const OwnRule* begin;
    const OwnRule* end;
};
OwnRules own_rules();

} // namespace birdhouse::differential
