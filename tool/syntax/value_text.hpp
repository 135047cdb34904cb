// Values as text: Python's repr() and str(), and reading numbers the way Python does.
#pragma once

#include "syntax/value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::syntax {

inline constexpr std::size_t kLongestText = std::size_t{16}
                                            << 20U; // bytes; also the longest output of a template

// Shortest digits that read back the same: 1.0, 1e-05, 1e+16, inf, nan, -0.0.
std::string float_text(double number);
// What float() takes: blanks around, a sign, inf, nan, infinity in any case; digits of any script; `_`
// between digits.
std::optional<double> read_float(std::string_view text);

// Stops soon after `longest` bytes, so that a small value that repeats itself cannot fill the memory.
std::string repr_of(const Value& value, std::size_t longest = kLongestText);
std::string str_of(const Value& value, std::size_t longest = kLongestText);
void append_text_repr(std::string& out, std::string_view text);

// Has no printed form of its own: views, and functions that Python prints with an address.
bool is_unprintable(const Value& value);

} // namespace birdhouse::syntax
