// JSON text and values. Reads what Python's json reads (NaN and Infinity too) and says what it says when the
// text is something else, because templates show those words to their users.
#pragma once

#include "syntax/value.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace birdhouse::syntax {

struct JsonFault {
    std::string message; // "Expecting value: line 1 column 1 (char 0)"
};

std::variant<Value, JsonFault> read_json(std::string_view text);
std::string write_json(const Value& value);

} // namespace birdhouse::syntax
