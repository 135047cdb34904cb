// Code points of UTF-8 text, for values that count, cut and classify characters as Python does.
// A byte that is not part of UTF-8 is one character of its own, so that no input is lost or refused here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::syntax {

// The code point at `at`, which moves past it. A stray byte gives 0xDC00 + byte.
std::uint32_t next_code_point(std::string_view text, std::size_t& at);
void append_code_point(std::string& out, std::uint32_t code_point);

std::size_t count_characters(std::string_view text);
// Byte offset of the character number `index`; the size of the text when there are fewer.
std::size_t offset_of_character(std::string_view text, std::size_t index);

// What str.isprintable() says of one character, by the blocks that hold control, format, blank and private
// ones.
bool is_printable(std::uint32_t code_point);
// What str.isspace() says of one character.
bool is_space(std::uint32_t code_point);
// 0 to 9 for a decimal digit of any script.
std::optional<int> decimal_digit(std::uint32_t code_point);

// Without the characters at both ends that are blank to Python.
std::string_view strip_spaces(std::string_view text);

} // namespace birdhouse::syntax
