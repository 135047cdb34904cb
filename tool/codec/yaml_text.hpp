// Values as YAML text that reads back as the same value, in the plainest form that does.
#pragma once

#include <string>
#include <string_view>

namespace birdhouse::codec {

// One line, fit to stand inside `{ }` and `[ ]`.
std::string write_yaml_text(std::string_view text);
// A number or true/false without quotes, anything else as text: the two mean the same as an expression.
std::string write_yaml_expression(std::string_view text);
// True when `text` can stand as a block after `|`: several lines that lose nothing there.
bool fits_yaml_block(std::string_view text);
// `|` and the lines below it, indented.
std::string write_yaml_block(std::string_view text, std::size_t indentation);

} // namespace birdhouse::codec
