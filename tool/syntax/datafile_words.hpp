// One line of a datafile split into words, by the rules of the service's own splitter (which are those of a
// shell lexer without escapes): see docs/datafiles.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

struct LineWords {
    std::vector<std::string_view> words; // views into the line; quotes are part of a word
    std::string_view comment;            // from its `#`; empty when there is none
};

// Nothing when a quoted word is not closed on the line: such a line is never a directive.
std::optional<LineWords> split_words(std::string_view line);

// The words joined by single blanks. When the first and the last character are quotes, not necessarily the
// same ones, both are cut: that is what the service does.
std::string unquoted_value(const std::vector<std::string_view>& words);

} // namespace birdhouse::syntax
