#include "codec/text_block.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace birdhouse::codec {

namespace {

std::string_view indentation_of(std::string_view line) {
    const auto end = std::ranges::find_if_not(line, [](char c) { return c == ' ' || c == '\t'; });
    return {line.begin(), end};
}

std::size_t shared_prefix(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

} // namespace

std::size_t shared_indentation(std::span<const std::string_view> lines) {
    std::string_view shared = lines.empty() ? std::string_view() : indentation_of(lines.front());
    for (const std::string_view line : lines) {
        shared = shared.substr(0, shared_prefix(shared, indentation_of(line)));
    }
    return shared.size();
}

std::string_view without_trailing_blanks(std::string_view line) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::string block_form(std::string_view text) {
    std::vector<std::string_view> lines;
    for (const std::string_view line : split(text, '\n')) {
        if (!trim(line).empty()) {
            lines.push_back(without_trailing_blanks(line));
        }
    }
    const std::size_t indentation = shared_indentation(lines);
    std::string block;
    for (const std::string_view line : lines) {
        block += block.empty() ? "" : "\n";
        block += line.substr(indentation);
    }
    return block;
}

} // namespace birdhouse::codec
