// One walk over escapes serves both the check and the reading: `find_escape_fault` gives it no output.
#include "events/json_text.hpp"

#include <charconv>
#include <cstdint>

namespace birdhouse::events {

namespace {

std::optional<std::uint32_t> read_hex4(std::string_view text) {
    std::uint32_t unit = 0;
    if (text.size() < 4) {
        return std::nullopt;
    }
    const auto [end, failure] = std::from_chars(text.data(), text.data() + 4, unit, 16);
    return failure == std::errc() && end == text.data() + 4 ? std::optional(unit) : std::nullopt;
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
    const auto tail = [&](std::uint32_t shift) { byte(0x80U | ((point >> shift) & 0x3FU)); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xC0U | (point >> 6U));
        tail(0);
    } else if (point < 0x10000) {
        byte(0xE0U | (point >> 12U));
        tail(6);
        tail(0);
    } else {
        byte(0xF0U | (point >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::optional<char> plain_escape(char c) {
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return std::nullopt;
    }
}

// A `\u` escape, or a pair of them; `rest` starts behind the `u`. Moves past what it read.
std::optional<EscapeFault> read_unicode(std::string_view& rest, std::string* out) {
    const std::optional<std::uint32_t> first = read_hex4(rest);
    if (!first) {
        return EscapeFault::Unknown;
    }
    rest.remove_prefix(4);
    std::uint32_t point = *first;
    if (point >= 0xD800 && point <= 0xDFFF) {
        const std::optional<std::uint32_t> second =
            rest.starts_with("\\u") ? read_hex4(rest.substr(2)) : std::nullopt;
        if (point >= 0xDC00 || !second || *second < 0xDC00 || *second > 0xDFFF) {
            return EscapeFault::LoneSurrogate;
        }
        rest.remove_prefix(6);
        point = 0x10000 + ((point - 0xD800) << 10U) + (*second - 0xDC00);
    }
    if (out != nullptr) {
        append_utf8(*out, point);
    }
    return std::nullopt;
}

std::optional<EscapeFault> walk(std::string_view rest, std::string* out) {
    while (true) {
        const std::size_t plain = rest.find('\\');
        if (out != nullptr) {
            out->append(rest.substr(0, plain));
        }
        if (plain == std::string_view::npos) {
            return std::nullopt;
        }
        rest.remove_prefix(plain + 1);
        const char kind = rest.empty() ? '\0' : rest.front();
        rest.remove_prefix(rest.empty() ? 0 : 1);
        if (kind == 'u') {
            if (const auto fault = read_unicode(rest, out)) {
                return fault;
            }
        } else if (const std::optional<char> meant = plain_escape(kind)) {
            if (out != nullptr) {
                *out += *meant;
            }
        } else {
            return EscapeFault::Unknown;
        }
    }
}

} // namespace

std::optional<EscapeFault> append_unescaped(std::string& out, std::string_view inner) {
    return walk(inner, &out);
}

std::optional<EscapeFault> find_escape_fault(std::string_view inner) { return walk(inner, nullptr); }

void append_json_string(std::string& out, std::string_view text) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

} // namespace birdhouse::events
