// What ClickHouse says when it refuses something, taken apart.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace birdhouse::engine {

struct Failure {
    int code = 0;     // 60; 0 when the text names none
    std::string name; // UNKNOWN_TABLE; empty when the text names none
    std::string
        message; // the first line, without the code, the name and the parser's list of what it expected
    friend bool operator==(const Failure&, const Failure&) = default;
};

// "Code: 60. DB::Exception: Unknown table ... (UNKNOWN_TABLE)"; any other text is a message as it stands.
Failure parse_failure(std::string_view text);

// "the engine refused: Unknown table ... (60 UNKNOWN_TABLE)"
Error refused(const Failure& failure);

} // namespace birdhouse::engine
