// Dates read by a format, as Python's strptime does, for differences between two of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace birdhouse::syntax {

struct DateReadFault {
    bool unknown_directive = false; // `%j` and others this program does not read
};

// Microseconds since 1970 in the date's own zone, or in UTC when the format has `%z`.
std::variant<std::int64_t, DateReadFault> read_date(std::string_view text, std::string_view format);

} // namespace birdhouse::syntax
