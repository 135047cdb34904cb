#include "syntax/yaml_extent.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace birdhouse::syntax {

namespace {

bool is_break(char c) { return c == '\n' || c == '\r'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || is_break(c); }

std::size_t find_line_end(std::string_view text, std::size_t at) {
    return std::min(text.find_first_of("\r\n", at), text.size());
}

std::size_t skip_break(std::string_view text, std::size_t at) {
    const bool pair = at + 1 < text.size() && text[at] == '\r' && text[at + 1] == '\n';
    return std::min(at + (pair ? 2 : 1), text.size());
}

// Blanks, line ends and comments. A `#` begins a comment only after a blank, which holds wherever this is
// called.
std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && (is_space(text[at]) || text[at] == '#')) {
        at = text[at] == '#' ? find_line_end(text, at) : at + 1;
    }
    return at;
}

std::size_t skip_property(std::string_view text, std::size_t at, char mark) {
    if (at >= text.size() || text[at] != mark) {
        return at;
    }
    while (at < text.size() && !is_space(text[at])) {
        ++at;
    }
    return skip_blanks(text, at);
}

ScalarExtent measure_quoted(std::string_view text, std::size_t begin) {
    const char quote = text[begin];
    for (std::size_t at = begin + 1; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\') {
            ++at;
        } else if (text[at] == quote) {
            if (quote == '"' || at + 1 == text.size() || text[at + 1] != '\'') {
                return {ScalarStyle::Quoted, begin, at + 1, true};
            }
            ++at; // '' stands for one quote
        }
    }
    return {ScalarStyle::Quoted, begin, text.size(), false};
}

// Line folding turns any run of blanks into one blank or line ends: such runs match each other.
ScalarExtent measure_plain(std::string_view text, std::size_t begin, std::string_view value) {
    std::size_t at = begin;
    for (const char c : value) {
        if (is_space(c)) {
            while (at < text.size() && is_space(text[at])) {
                ++at;
            }
        } else if (at < text.size() && text[at] == c) {
            ++at;
        } else {
            break;
        }
    }
    return {ScalarStyle::Plain, begin, at, true};
}

// A block reaches to the last line that is indented as deep as its first.
ScalarExtent measure_block(std::string_view text, std::size_t begin) {
    ScalarExtent extent{text[begin] == '|' ? ScalarStyle::Literal : ScalarStyle::Folded, begin, 0, true};
    std::size_t at = find_line_end(text, begin);
    extent.end = at;
    std::size_t indentation = 0;
    while (at < text.size()) {
        const std::size_t line = skip_break(text, at);
        at = find_line_end(text, line);
        const std::size_t first = std::min(text.find_first_not_of(' ', line), text.size());
        if (first >= at) {
            continue; // a blank line
        }
        indentation = indentation == 0 ? first - line : indentation;
        if (indentation == 0 || first - line < indentation) {
            break;
        }
        extent.end = at;
    }
    return extent;
}

} // namespace

std::size_t skip_anchor(std::string_view text, std::size_t at) { return skip_property(text, at, '&'); }

std::size_t skip_properties(std::string_view text, std::size_t at) {
    at = skip_anchor(text, skip_property(text, at, '!')); // in either order
    return skip_property(text, at, '!');
}

ScalarExtent measure_scalar(std::string_view text, std::size_t mark, std::string_view value) {
    const std::size_t begin = skip_properties(text, std::min(mark, text.size()));
    const char first = begin < text.size() ? text[begin] : '\0';
    if (first == '"' || first == '\'') {
        return measure_quoted(text, begin);
    }
    return first == '|' || first == '>' ? measure_block(text, begin) : measure_plain(text, begin, value);
}

std::string_view find_null_word(std::string_view text, std::size_t at, bool is_key) {
    for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
        if (!text.substr(at).starts_with(word)) {
            continue;
        }
        const std::size_t end = at + word.size();
        const std::size_t next = std::min(text.find_first_not_of(" \t", end), text.size());
        const bool ends_word = next != end || end == text.size() || is_break(text[end]) ||
                               std::string_view(",]}:").find(text[end]) != std::string_view::npos;
        const bool before_colon = next < text.size() && text[next] == ':';
        return ends_word && before_colon == is_key ? word : std::string_view();
    }
    return {};
}

// Each line of a literal block is a line of the source less its indentation, so it begins as many bytes
// before the end of its source line as it is long: no need to know how deep the indentation is.
std::vector<std::uint32_t> find_literal_lines(std::string_view text, const ScalarExtent& extent,
                                              std::string_view value) {
    std::vector<std::uint32_t> begins;
    std::size_t end = find_line_end(text, extent.begin);
    for (const std::string_view line : split(value, '\n')) {
        const std::size_t start = skip_break(text, end);
        end = find_line_end(text, start);
        begins.push_back(static_cast<std::uint32_t>(std::max(start, end - std::min(end, line.size()))));
    }
    return begins;
}

std::size_t find_flow_end(std::string_view text, std::size_t at) {
    const std::size_t end =
        std::min(text.find_first_of("]}", skip_blanks(text, std::min(at, text.size()))), text.size());
    return std::min(end + 1, text.size());
}

std::optional<std::size_t> find_tab_indentation(std::string_view text, const std::vector<Span>& inside) {
    for (std::size_t tab = text.find('\t'); tab != std::string_view::npos; tab = text.find('\t', tab + 1)) {
        std::size_t line = tab;
        while (line > 0 && is_blank(text[line - 1])) {
            --line;
        }
        const std::size_t content = std::min(text.find_first_not_of(" \t", tab), text.size());
        const bool indents = (line == 0 || is_break(text[line - 1])) && content < text.size() &&
                             !is_break(text[content]) && text[content] != '#';
        // The last of the scalars that begin before the tab; they do not overlap.
        const auto after =
            std::partition_point(inside.begin(), inside.end(), [&](Span s) { return s.begin <= tab; });
        const bool in_scalar = after != inside.begin() && tab < std::prev(after)->end;
        if (indents && !in_scalar) {
            return tab;
        }
        tab =
            std::max(tab, content == 0 ? 0 : content - 1); // the rest of this run of blanks is the same case
    }
    return std::nullopt;
}

std::optional<UnreadableByte> find_unreadable_byte(std::string_view text) {
    const auto control = std::find_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && !is_break(c)) || c == '\x7F';
    });
    const auto offset = static_cast<std::size_t>(control - text.begin());
    if (const std::optional<std::size_t> broken = find_invalid_utf8(text.substr(0, offset))) {
        return UnreadableByte{*broken, false};
    }
    return control == text.end() ? std::nullopt : std::optional(UnreadableByte{offset, true});
}

} // namespace birdhouse::syntax
