// Text from outside as a part of HTML that is well-formed XML as well.
#pragma once

#include <string>
#include <string_view>

namespace birdhouse::ops {

// For contents and for values of attributes. Signs that XML does not know become U+FFFD.
inline std::string html_escape(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default: {
            const bool control = static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' && c != '\r';
            out += control ? "\xEF\xBF\xBD" : std::string_view(&c, 1);
        }
        }
    }
    return out;
}

} // namespace birdhouse::ops
