// Texts of several lines as a block of a datafile keeps them: no blank lines, no trailing blanks, and none of
// the indentation that all lines share.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace birdhouse::codec {

std::size_t shared_indentation(std::span<const std::string_view> lines);
std::string_view without_trailing_blanks(std::string_view line);
std::string block_form(std::string_view text);

} // namespace birdhouse::codec
