// Numbers as texts: whether a JSON number fits a ClickHouse type. Digits are compared, never converted,
// so 256-bit integers and 76-digit decimals cost no more than small ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::events {

// What JSON allows as a number.
struct NumberShape {
    bool well_formed = false;
    bool integral = false; // no fraction, no exponent
};
NumberShape number_shape(std::string_view text);

// Largest magnitudes on both sides of zero, in decimal.
struct IntegerLimits {
    std::string highest;
    std::string lowest; // without its sign; "0" for unsigned types
};
IntegerLimits integer_limits(unsigned bits, bool is_signed);
bool fits(std::string_view integral_number, const IntegerLimits& limits);

// False when the value is infinite as Float32 or Float64.
bool fits_float(std::string_view number, unsigned bits);

// False when there are more digits before the point than Decimal(precision, scale) holds.
bool fits_decimal(std::string_view number, unsigned precision, unsigned scale);

// The same number without an exponent, its digits behind the point cut to `scale`: the engine counts an
// exponent's digits where they stand. For numbers that fit the type.
void append_decimal(std::string& out, std::string_view number, unsigned scale);

// The sign of a - b, exact for integers of any size, through Float64 otherwise.
int compare_numbers(std::string_view a, std::string_view b);

} // namespace birdhouse::events
