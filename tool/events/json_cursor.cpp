#include "events/json_cursor.hpp"

#include "events/json_index.hpp"
#include "events/json_text.hpp"
#include "events/numbers.hpp"
#include "events/text_scan.hpp"

namespace birdhouse::events {

bool JsonCursor::skip(int depth) {
    switch (here()) {
    case '{':
        return depth < kDeepestValue && skip_object(depth);
    case '[':
        return depth < kDeepestValue && skip_array(depth);
    case '"':
        return skip_text();
    default:
        break;
    }
    const std::string_view written = scalar();
    ++at;
    return written == "true" || written == "false" || written == "null" || number_shape(written).well_formed;
}

bool JsonCursor::skip_text() {
    const std::string_view written = scalar();
    ++at;
    if (!is_closed(written)) {
        return false;
    }
    const std::string_view inner = written.substr(1, written.size() - 2);
    return !scan_text(inner.data(), inner.size()).backslash || !find_escape_fault(inner);
}

bool JsonCursor::skip_object(int depth) {
    ++at;
    if (here() == '}') {
        ++at;
        return true;
    }
    while (here() == '"' && skip_text() && here() == ':') {
        ++at;
        if (!skip(depth + 1)) {
            return false;
        }
        const char behind = here();
        ++at;
        if (behind != ',') {
            return behind == '}';
        }
    }
    return false;
}

bool JsonCursor::skip_array(int depth) {
    ++at;
    if (here() == ']') {
        ++at;
        return true;
    }
    while (skip(depth + 1)) {
        const char behind = here();
        ++at;
        if (behind != ',') {
            return behind == ']';
        }
    }
    return false;
}

} // namespace birdhouse::events
