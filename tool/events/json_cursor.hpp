// A walk over the places of a JSON index, one value after the other. Grammar is checked everywhere, also
// inside what no column takes, since ingestion would refuse the line.
#pragma once

#include <cstdint>
#include <string_view>

namespace birdhouse::events {

struct JsonCursor {
    const char* text = nullptr; // with kTextPadding bytes behind it
    const std::uint32_t* places = nullptr;
    std::size_t at = 0; // index in `places`

    std::uint32_t place() const { return places[at]; }
    char here() const { return text[places[at]]; }
    // Where the text or scalar at this place ends: at the next place, less the blanks before it.
    std::uint32_t end() const {
        std::uint32_t end = places[at + 1];
        while (end > places[at] && is_blank(text[end - 1])) {
            --end;
        }
        return end;
    }
    std::string_view slice(std::uint32_t begin, std::uint32_t end) const {
        return {text + begin, end - begin};
    }
    std::string_view scalar() const { return slice(place(), end()); }

    // Moves behind a whole value. False: it is not well formed, or nests deeper than kDeepestValue.
    bool skip(int depth);

    static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
    static bool is_closed(std::string_view written) { return written.size() >= 2 && written.back() == '"'; }

private:
    bool skip_text();
    bool skip_object(int depth);
    bool skip_array(int depth);
};

} // namespace birdhouse::events
