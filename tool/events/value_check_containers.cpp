// Arrays, the fields that `[:].key` picks from their elements, and maps.
#include "base/codes.hpp"
#include "events/json_text.hpp"
#include "events/value_check.hpp"

#include <optional>

namespace birdhouse::events {

namespace {

// The value behind `key` in a well-formed object under the cursor: the first of two. Leaves the cursor
// there; false when there is none, or no object.
bool find_value(JsonCursor& cursor, std::string_view key) {
    if (cursor.here() != '{') {
        return false;
    }
    ++cursor.at;
    std::string unescaped;
    while (cursor.here() == '"') {
        std::string_view written = cursor.scalar();
        written = written.substr(1, written.size() - 2);
        if (written.find('\\') != std::string_view::npos) {
            unescaped.clear();
            append_unescaped(unescaped, written);
            written = unescaped;
        }
        cursor.at += 2; // the key and `:`
        if (written == key) {
            return true;
        }
        cursor.skip(0);
        if (cursor.here() != ',') {
            return false;
        }
        ++cursor.at;
    }
    return false;
}

} // namespace

Outcome ValueChecker::check_array(const TypeNode& node, Place& place, int depth) {
    if (cursor_.here() != '[') {
        return refuse(codes::E012, place);
    }
    const TypeNode& element = place.column.plan.nodes[node.element];
    write("[", place);
    ++cursor_.at;
    if (cursor_.here() == ']') {
        write("]", place);
        ++cursor_.at;
        return Outcome::Taken;
    }
    while (true) {
        const Outcome outcome = check(element, place, depth + 1);
        if (outcome != Outcome::Taken) {
            return outcome;
        }
        const char behind = cursor_.here();
        ++cursor_.at;
        if (behind != ',') {
            write("]", place);
            return behind == ']' ? Outcome::Taken : Outcome::Broken;
        }
        write(",", place);
    }
}

// The column's own array, of whose elements one field each is taken. Read twice: once for its grammar, once
// for the fields, since what is not taken must be sound as well.
Outcome ValueChecker::check_picked(const TypeNode& node, Place& place, int depth) {
    if (cursor_.here() != '[') {
        return refuse(codes::E012, place);
    }
    const std::size_t start = cursor_.at;
    if (!cursor_.skip(depth)) {
        return Outcome::Broken;
    }
    const std::size_t behind = cursor_.at;
    const TypeNode& element = place.column.plan.nodes[node.element];
    write("[", place);
    for (std::size_t at = start + 1; at != behind - 1;) {
        cursor_.at = at;
        write(at == start + 1 ? "" : ",", place);
        const Outcome outcome = check_picked_element(element, place, depth + 1);
        if (outcome != Outcome::Taken) {
            return outcome;
        }
        cursor_.at = at;
        cursor_.skip(depth + 1);
        at = cursor_.here() == ',' ? cursor_.at + 1 : cursor_.at;
    }
    write("]", place);
    cursor_.at = behind;
    return Outcome::Taken;
}

Outcome ValueChecker::check_picked_element(const TypeNode& node, Place& place, int depth) {
    const std::size_t start = cursor_.at;
    for (const std::string& key : place.column.element_keys) {
        if (!find_value(cursor_, key)) {
            write("null", place);
            cursor_.at = start;
            return node.nullable ? Outcome::Taken : refuse(codes::E010, place);
        }
        ++depth;
    }
    return check(node, place, depth);
}

// As it stands; without escapes where the engine reads none.
void ValueChecker::write_key(const TypeNode& node, const Place& place) {
    const std::string_view written = cursor_.scalar();
    const bool plain = node.kind == ValueKind::String || node.kind == ValueKind::FixedString ||
                       written.find('\\') == std::string_view::npos;
    if (place.out == nullptr || plain || !JsonCursor::is_closed(written)) {
        write(written, place);
        return;
    }
    unescaped_.clear();
    if (!append_unescaped(unescaped_, written.substr(1, written.size() - 2))) {
        append_json_string(*place.out, unescaped_);
    }
}

Outcome ValueChecker::check_map(const TypeNode& node, Place& place, int depth) {
    if (cursor_.here() != '{') {
        return refuse(codes::E012, place);
    }
    // A key is written as it stands: in JSON it is a text, whatever its type.
    Place key_place{place.column, place.index, nullptr, false};
    write("{", place);
    ++cursor_.at;
    if (cursor_.here() == '}') {
        write("}", place);
        ++cursor_.at;
        return Outcome::Taken;
    }
    while (true) {
        if (cursor_.here() != '"') {
            return Outcome::Broken;
        }
        write_key(place.column.plan.nodes[node.key], place);
        const Outcome key = check(place.column.plan.nodes[node.key], key_place, depth + 1);
        if (key != Outcome::Taken) {
            return key;
        }
        if (cursor_.here() != ':') {
            return Outcome::Broken;
        }
        write(":", place);
        ++cursor_.at;
        const Outcome value = check(place.column.plan.nodes[node.element], place, depth + 1);
        if (value != Outcome::Taken) {
            return value;
        }
        const char behind = cursor_.here();
        ++cursor_.at;
        if (behind != ',') {
            write("}", place);
            return behind == '}' ? Outcome::Taken : Outcome::Broken;
        }
        write(",", place);
    }
}

} // namespace birdhouse::events
