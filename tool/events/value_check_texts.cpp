// Texts, what becomes text, and the rules that a definition sets beyond its types.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/json_text.hpp"
#include "events/numbers.hpp"
#include "events/privacy.hpp"
#include "events/value_check.hpp"

#include <algorithm>

namespace birdhouse::events {

Outcome ValueChecker::check_string(Place& place, int depth) {
    if (cursor_.here() != '"') {
        return check_as_text(place, depth);
    }
    const EventColumn& column = place.column;
    if (column.only_allowed && place.rules) {
        // An allowed value is harmless, and has nothing to unescape.
        const std::string_view written = cursor_.scalar();
        for (const QuotedPattern& allowed : column.quoted_allowed) {
            if (allowed.matches(written.data(), written.size())) {
                write(written, place);
                ++cursor_.at;
                return Outcome::Taken;
            }
        }
    }
    Text text;
    if (!read_text(text)) {
        return Outcome::Broken;
    }
    const bool short_enough = column.only_lengths && text.end - text.begin - 2 <= column.shortest_limit;
    if ((!column.has_rules || short_enough) && !text.finds.credential) {
        write(cursor_.slice(text.begin, text.end), place);
        ++cursor_.at;
        return Outcome::Taken;
    }
    return take_text(ValueKind::String, text, meaning(text), place);
}

// Numbers and truth values as they are written, structures as their JSON text.
Outcome ValueChecker::check_as_text(Place& place, int depth) {
    const char first = cursor_.here();
    const bool structure = first == '{' || first == '[';
    const model::IngestionRules& rules = schema_.rules();
    if (structure ? !rules.structures_into_string : !rules.scalars_into_string) {
        return refuse(codes::E012, place);
    }
    const std::uint32_t begin = cursor_.place();
    std::uint32_t end = cursor_.end();
    if (!cursor_.skip(depth)) {
        return Outcome::Broken;
    }
    end = structure ? cursor_.places[cursor_.at - 1] + 1 : end;
    const std::string_view written = cursor_.slice(begin, end);
    if (place.out != nullptr) {
        append_json_string(*place.out, written);
    }
    apply_rules(written, begin, end, place);
    return Outcome::Taken;
}

Outcome ValueChecker::check_fixed_string(const TypeNode& node, Place& place) {
    Text text;
    if (cursor_.here() != '"') {
        return refuse(codes::E012, place);
    }
    if (!read_text(text)) {
        return Outcome::Broken;
    }
    const std::string_view means = meaning(text);
    return means.size() <= node.length ? take_text(node.kind, text, means, place)
                                       : refuse(codes::E016, place);
}

Outcome ValueChecker::check_uuid(Place& place) {
    const std::string_view written = cursor_.scalar();
    if (cursor_.here() != '"') {
        return refuse(codes::E012, place);
    }
    if (JsonCursor::is_closed(written) && is_uuid(written.data() + 1, written.size() - 2) &&
        !place.column.has_rules) {
        write(written, place);
        ++cursor_.at;
        return Outcome::Taken;
    }
    Text text;
    if (!read_text(text)) {
        return Outcome::Broken;
    }
    const std::string_view means = meaning(text);
    return is_uuid(means.data(), means.size()) ? take_text(ValueKind::Uuid, text, means, place)
                                               : refuse(codes::E015, place);
}

Outcome ValueChecker::check_json(Place& place, int depth) {
    if (cursor_.here() != '{') {
        return refuse(codes::E012, place);
    }
    const std::uint32_t begin = cursor_.place();
    if (!cursor_.skip(depth)) {
        return Outcome::Broken;
    }
    const std::uint32_t end = cursor_.places[cursor_.at - 1] + 1;
    const std::string_view written = cursor_.slice(begin, end);
    write(written, place);
    apply_privacy(written, begin, end, place);
    return Outcome::Taken;
}

// The text under the cursor, whose escapes are then known to be sound. False: it is not JSON.
bool ValueChecker::read_text(Text& text) const {
    text.begin = cursor_.place();
    text.end = cursor_.end();
    const std::string_view written = cursor_.slice(text.begin, text.end);
    if (!JsonCursor::is_closed(written)) {
        return false;
    }
    const std::string_view inner = written.substr(1, written.size() - 2);
    text.finds = scan_text(inner.data(), inner.size());
    return !text.finds.backslash || !find_escape_fault(inner);
}

// What a text means; valid until the next call.
std::string_view ValueChecker::meaning(const Text& text) {
    const std::string_view inner = cursor_.slice(text.begin + 1, text.end - 1);
    if (!text.finds.backslash) {
        return inner;
    }
    unescaped_.clear();
    append_unescaped(unescaped_, inner);
    return unescaped_;
}

Outcome ValueChecker::take_text(ValueKind kind, const Text& text, std::string_view means, Place& place) {
    const bool plain = !text.finds.backslash || kind == ValueKind::String || kind == ValueKind::FixedString;
    if (plain) {
        write(cursor_.slice(text.begin, text.end), place); // a JSON string already
    } else if (place.out != nullptr) {
        append_json_string(*place.out, means); // the engine reads no escapes in dates and the like
    }
    apply_rules(means, text.begin, text.end, place);
    ++cursor_.at;
    return Outcome::Taken;
}

void ValueChecker::apply_rules(std::string_view text, std::uint32_t begin, std::uint32_t end, Place& place) {
    const EventColumn& column = place.column;
    if (column.has_rules && place.rules) {
        const auto broken = [&](const Code& code) {
            verdict_.broken_rules.push_back(note(code, place.index, begin, end));
        };
        if (!column.allowed.empty() &&
            std::find(column.allowed.begin(), column.allowed.end(), text) == column.allowed.end()) {
            broken(codes::E030);
        }
        const bool bounded = (column.minimum || column.maximum) && number_shape(text).well_formed;
        if (bounded && ((column.minimum && compare_numbers(text, *column.minimum) < 0) ||
                        (column.maximum && compare_numbers(text, *column.maximum) > 0))) {
            broken(codes::E031);
        }
        if (column.pattern != nullptr && !column.pattern->matches(text)) {
            broken(codes::E033);
        }
        if (column.max_chars && text.size() > *column.max_chars &&
            count_code_points(text) > *column.max_chars) {
            broken(codes::E032);
        }
    }
    apply_privacy(text, begin, end, place);
}

void ValueChecker::apply_privacy(std::string_view text, std::uint32_t begin, std::uint32_t end,
                                 Place& place) {
    const auto warn = [&](const Code& code) {
        verdict_.warnings.push_back(note(code, place.index, begin, end));
    };
    if (may_hold_credential(text) && find_credential(text)) {
        warn(codes::P001);
    }
    if (place.column.privacy == model::Privacy::Ip && is_full_address(text)) {
        warn(codes::P002);
    }
    const std::uint32_t longest = schema_.privacy().prompt_max_chars;
    if (place.column.privacy == model::Privacy::Prompt && text.size() > longest &&
        count_code_points(text) > longest) {
        warn(codes::P003);
    }
}

} // namespace birdhouse::events
