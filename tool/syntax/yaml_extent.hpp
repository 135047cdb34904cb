// How far things reach in YAML text. The library tells where a scalar begins and what it means, but not where
// it ends or how it was written: that is measured here, beside the text.
#pragma once

#include "syntax/yaml.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

struct ScalarExtent {
    ScalarStyle style = ScalarStyle::Plain;
    std::size_t begin = 0; // after an anchor
    std::size_t end = 0;
    bool closed = true; // false: a quote was opened and the text ends inside it
};

// Past the anchor that may stand before a node and the blanks behind it; past its tag too.
std::size_t skip_anchor(std::string_view text, std::size_t at);
std::size_t skip_properties(std::string_view text, std::size_t at);
// `mark` is where the node begins, `value` what the library read there.
ScalarExtent measure_scalar(std::string_view text, std::size_t mark, std::string_view value);
// The word at `at` that means null; empty when what stands there begins something else: the library gives an
// absent value the place of the next thing, which may be a key called `nullable` or even `null`.
std::string_view find_null_word(std::string_view text, std::size_t at, bool is_key);
// The beginning of every line of `value`, the text of the literal block at `extent`.
std::vector<std::uint32_t> find_literal_lines(std::string_view text, const ScalarExtent& extent,
                                              std::string_view value);
// The end of a `[ ]` or `{ }` whose last child ends at `at`.
std::size_t find_flow_end(std::string_view text, std::size_t at);

// The first line outside of `inside` (scalars of several lines, in order) that is indented with a tab.
std::optional<std::size_t> find_tab_indentation(std::string_view text, const std::vector<Span>& inside);

struct UnreadableByte {
    std::size_t offset = 0;
    bool control = false; // a control character; else not UTF-8
};
std::optional<UnreadableByte> find_unreadable_byte(std::string_view text);

} // namespace birdhouse::syntax
