// Small functions over text. Bytes in, bytes out; nothing here knows what the text means.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse {

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string to_lower_ascii(std::string_view text);
std::string to_upper_ascii(std::string_view text);
std::string replace_all(std::string text, std::string_view what, std::string_view with);

// Number of code points; a byte that is not UTF-8 counts as one.
std::size_t count_code_points(std::string_view text);
// Offset of the first byte that is not part of well-formed UTF-8 (no surrogates, nothing past U+10FFFF).
std::optional<std::size_t> find_invalid_utf8(std::string_view text);
// At most `code_points` code points of `text`; "…" is appended when something was cut.
std::string shorten(std::string_view text, std::size_t code_points);
// Control characters as \n, \t, \xNN, so that a value from outside cannot move the cursor or fake a line.
std::string printable(std::string_view text);

// `text` between back-quotes, for messages.
std::string backquoted(std::string_view text);
// "1 row", "2 rows"; "1,234 rows".
std::string counted(std::size_t count, std::string_view noun);
std::string with_thousands(std::size_t number);

// The candidate nearest to `word` by edit distance, when near enough to be a slip of the pen.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace birdhouse
