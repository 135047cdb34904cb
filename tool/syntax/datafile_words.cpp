#include "syntax/datafile_words.hpp"

namespace birdhouse::syntax {

namespace {

bool is_quote(char c) { return c == '"' || c == '\''; }

} // namespace

std::optional<LineWords> split_words(std::string_view line) {
    constexpr std::size_t kUsual = 4;
    LineWords split;
    split.words.reserve(kUsual);
    std::size_t at = skip_blanks(line);
    while (at < line.size() && line[at] != '#') {
        std::size_t end = 0;
        if (is_quote(line[at])) {
            end = line.find(line[at], at + 1);
            if (end == std::string_view::npos) {
                return std::nullopt;
            }
            ++end; // the word ends at the closing quote, whatever follows
        } else {
            end = end_of_word(line, at);
        }
        split.words.push_back(line.substr(at, end - at));
        at = skip_blanks(line, end);
    }
    if (at < line.size()) {
        split.comment = line.substr(at);
    }
    return split;
}

std::string unquoted_value(const std::vector<std::string_view>& words) {
    std::string value;
    for (const std::string_view word : words) {
        if (!value.empty()) {
            value += ' ';
        }
        value += word;
    }
    if (value.size() >= 2 && is_quote(value.front()) && is_quote(value.back())) {
        value = value.substr(1, value.size() - 2);
    }
    return value;
}

} // namespace birdhouse::syntax
