#include "syntax/swallowed.hpp"

#include "base/text.hpp"
#include "syntax/datafile_words.hpp"
#include "syntax/sql_words.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

// Words without an underscore that hardly stand, all in capitals, at the head of a line of SQL or prose.
constexpr std::array<std::string_view, 4> kTelling = {"BACKFILL", "ENGINE", "INDEXES", "SCHEMA"};

bool is_capital(char c) { return (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_telling(std::string_view word) {
    return word.find('_') != std::string_view::npos || std::ranges::find(kTelling, word) != kTelling.end();
}

bool opens_block(std::string_view rest) {
    const std::string_view trimmed = trim(rest);
    return trimmed == ">" || trimmed.starts_with("> ");
}

// A block opener inside a block (`    SQL >`) is telling whatever the word is, and so is a lone `NODE name`.
bool reads_like_a_directive(std::string_view word, std::string_view rest) {
    const bool names_a_node = word == "NODE" && trim(rest).find_first_of(" \t") == std::string_view::npos;
    return is_telling(word) || opens_block(rest) || names_a_node;
}

std::optional<std::string> misspelt(std::string_view word, const Directive& block, DatafileKind kind,
                                    Dialect dialect) {
    constexpr std::size_t kShortest = 5; // shorter words are near to something too easily
    const bool prose = block.name == "DESCRIPTION";
    const bool word_of_sql = block.name == "SQL" && is_reserved_after_table(word);
    if (word.size() < kShortest || word_of_sql || (prose && word.find('_') == std::string_view::npos)) {
        return std::nullopt;
    }
    return nearest(word, known_directives(kind, dialect));
}

} // namespace

std::optional<SwallowedDirective> find_swallowed(std::string_view line, std::size_t first,
                                                 const Directive& block, DatafileKind kind, Dialect dialect) {
    if (!is_capital(line[first])) {
        return std::nullopt;
    }
    const std::string_view text = line.substr(first);
    const auto word_end = std::ranges::find_if_not(text, is_capital);
    const std::string_view word(text.begin(), word_end);
    const std::string_view rest(word_end, text.end());
    if (rest.empty() || !is_blank(rest.front()) || trim(rest).empty()) {
        return std::nullopt;
    }
    if (const DirectiveRule* rule = find_directive(word)) {
        if (!reads_like_a_directive(word, rest)) {
            return std::nullopt;
        }
        const bool known = standing(*rule, kind, dialect) != Standing::Unknown;
        return SwallowedDirective{
            word, known ? "remove the blanks before it: an indented line belongs to the block above"
                        : "it is not a directive of " + std::string(to_string(kind)) + " files in " +
                              std::string(to_string(dialect))};
    }
    const auto meant = first == 0 ? misspelt(word, block, kind, dialect) : std::nullopt;
    return meant ? std::optional(SwallowedDirective{word, "did you mean " + backquoted(*meant) + "?"})
                 : std::nullopt;
}

} // namespace birdhouse::syntax
