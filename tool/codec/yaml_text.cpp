#include "codec/yaml_text.hpp"

#include "base/text.hpp"
#include "syntax/yaml.hpp"

#include <algorithm>

namespace birdhouse::codec {

namespace {

constexpr std::string_view kPlainBegin = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_(";
constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$_()./+* -=<>;%^";
constexpr std::string_view kHex = "0123456789abcdef";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }

// Deliberately narrow: texts that every YAML reader takes for texts, also inside brackets. The words of
// YAML 1.1 that are no texts there (yes, on, ~) are quoted for the sake of other readers.
bool is_plain(std::string_view text) {
    const std::string lowered = to_lower_ascii(text);
    for (const std::string_view word : {"yes", "no", "on", "off", "y", "n", "true", "false", "null"}) {
        if (lowered == word) {
            return false;
        }
    }
    return !text.empty() && text.back() != ' ' && kPlainBegin.find(text.front()) != std::string_view::npos &&
           text.find_first_not_of(kPlain) == std::string_view::npos;
}

std::string write_double_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (is_control(c)) {
            out += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 15U]};
        } else {
            out += c;
        }
    }
    return out + "\"";
}

} // namespace

std::string write_yaml_text(std::string_view text) {
    if (is_plain(text)) {
        return std::string(text);
    }
    const bool escapes = text.find_first_of("\"\\") != std::string_view::npos;
    if (escapes && std::none_of(text.begin(), text.end(), is_control)) {
        return "'" + replace_all(std::string(text), "'", "''") + "'";
    }
    return write_double_quoted(text);
}

std::string write_yaml_expression(std::string_view text) {
    return syntax::reads_as_number(text) || syntax::reads_as_boolean(text) ? std::string(text)
                                                                           : write_yaml_text(text);
}

bool fits_yaml_block(std::string_view text) {
    const auto is_lost = [](char c) { return is_control(c) && c != '\n' && c != '\t'; };
    return text.find('\n') != std::string_view::npos && text.front() != ' ' && text.front() != '\t' &&
           text.front() != '\n' && text.back() != '\n' && std::none_of(text.begin(), text.end(), is_lost);
}

std::string write_yaml_block(std::string_view text, std::size_t indentation) {
    std::string out = "|\n";
    for (const std::string_view line : split(text, '\n')) {
        out += (line.empty() ? std::string() : std::string(indentation, ' ')) + std::string(line) + "\n";
    }
    return out;
}

} // namespace birdhouse::codec
