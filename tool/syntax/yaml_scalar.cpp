// What a scalar's text stands for and where its parts are in the source.
#include "syntax/yaml.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

template <std::size_t Size>
bool is_one_of(std::string_view text, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::size_t count_digits(std::string_view text) {
    return std::min(text.find_first_not_of("0123456789"), text.size());
}

// Digits of a `0x1F` or `0o17`.
bool is_prefixed_number(std::string_view text) {
    if (text.size() < 3) {
        return false;
    }
    const std::string_view digits = text.starts_with("0x")   ? "0123456789abcdefABCDEF"
                                    : text.starts_with("0o") ? "01234567"
                                                             : "";
    return !digits.empty() && text.find_first_not_of(digits, 2) == std::string_view::npos;
}

Span part_of(const YamlNode& scalar, std::size_t begin, std::size_t length) {
    return {scalar.span.source, static_cast<std::uint32_t>(begin),
            static_cast<std::uint32_t>(begin + length)};
}

Span place_in_literal(const YamlNode& scalar, std::size_t offset, std::size_t length) {
    const std::string_view before = std::string_view(scalar.text).substr(0, offset);
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    if (line >= scalar.line_begins.size()) {
        return scalar.span;
    }
    const std::size_t line_start = before.rfind('\n') + 1; // npos + 1 is 0
    const std::size_t line_end = std::min(scalar.text.find('\n', offset), scalar.text.size());
    return part_of(scalar, scalar.line_begins[line] + (offset - line_start),
                   std::min(length, line_end - offset));
}

} // namespace

Span place_in(const YamlNode& scalar, const SourceMap& sources, std::size_t offset, std::size_t length) {
    if (!scalar.span.known() || offset > scalar.text.size()) {
        return scalar.span;
    }
    if (scalar.style == ScalarStyle::Literal) {
        return place_in_literal(scalar, offset, length);
    }
    const std::size_t quotes = scalar.style == ScalarStyle::Quoted ? 1 : 0;
    const std::string_view written = sources.slice(scalar.span);
    const bool exact = written.size() == scalar.text.size() + 2 * quotes &&
                       written.substr(quotes, scalar.text.size()) == scalar.text;
    return exact ? part_of(scalar, scalar.span.begin + quotes + offset,
                           std::min(length, scalar.text.size() - offset))
                 : scalar.span;
}

bool reads_as_number(std::string_view text) {
    if (is_prefixed_number(text)) {
        return true;
    }
    if (text.starts_with('-') || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    if (is_one_of<6>(text, {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"})) {
        return true;
    }
    const std::size_t whole = count_digits(text);
    text.remove_prefix(whole);
    std::size_t fraction = 0;
    if (text.starts_with('.')) {
        fraction = count_digits(text.substr(1));
        text.remove_prefix(1 + fraction);
    }
    if (whole + fraction == 0) {
        return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(text.size() > 1 && (text[1] == '-' || text[1] == '+') ? 2 : 1);
        return !text.empty() && count_digits(text) == text.size();
    }
    return text.empty();
}

bool reads_as_boolean(std::string_view text) {
    return is_one_of<6>(text, {"true", "True", "TRUE", "false", "False", "FALSE"});
}

bool reads_as_null(std::string_view text) { return is_one_of<5>(text, {"", "~", "null", "Null", "NULL"}); }

} // namespace birdhouse::syntax
