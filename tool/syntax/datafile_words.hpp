// One line of a datafile split into words, by the rules of the service's own splitter (which are those of a
// shell lexer without escapes): see docs/datafiles.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

struct LineWords {
    std::vector<std::string_view> words; // views into the line; quotes are part of a word
    std::string_view comment;            // from its `#`; empty when there is none
};

// What stands between two words. Lines are searched with these rather than with `find_first_of`, which calls
// the library once a character.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
// The first place from `at` on that is no blank; the size of the line when there is none.
constexpr std::size_t skip_blanks(std::string_view line, std::size_t at = 0) {
    while (at < line.size() && is_blank(line[at])) {
        ++at;
    }
    return at;
}
// Where the word that begins at `at` ends, quotes aside: before a blank or a `#`.
constexpr std::size_t end_of_word(std::string_view line, std::size_t at = 0) {
    while (at < line.size() && !is_blank(line[at]) && line[at] != '#') {
        ++at;
    }
    return at;
}

// Nothing when a quoted word is not closed on the line: such a line is never a directive.
std::optional<LineWords> split_words(std::string_view line);

// The words joined by single blanks. When the first and the last character are quotes, not necessarily the
// same ones, both are cut: that is what the service does.
std::string unquoted_value(const std::vector<std::string_view>& words);

} // namespace birdhouse::syntax
