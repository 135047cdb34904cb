#include "events/value_check.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/json_text.hpp"
#include "events/privacy.hpp"
#include "events/times.hpp"

#include <algorithm>
#include <charconv>

namespace birdhouse::events {

namespace {

bool is_uuid(std::string_view text) {
    constexpr std::size_t kLength = 36;
    const auto is_hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    if (text.size() != kLength) {
        return false;
    }
    for (std::size_t at = 0; at < kLength; ++at) {
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (dash ? text[at] != '-' : !is_hex(text[at])) {
            return false;
        }
    }
    return true;
}

bool in_bounds(const TypeNode& node, std::int64_t value) { return value >= node.first && value <= node.last; }

// The text ClickHouse must read to store this moment. A column in a time zone of its own reads plain texts
// in that zone, so a moment that came with an offset says that it is UTC.
void append_moment(std::string& out, const TypeNode& node, const TimeText& time, std::string_view written) {
    if (time.offset_minutes != 0) {
        append_time(out, seconds_since_1970(time));
    } else {
        constexpr std::size_t kDateLength = 10;
        constexpr std::size_t kTimeLength = 8;
        out += written.substr(0, kDateLength);
        out += ' ';
        out += written.substr(kDateLength + 1, kTimeLength);
    }
    if (node.scale != 0 && !time.fraction.empty()) {
        out += '.';
        out += time.fraction.substr(0, node.scale);
    }
    out += node.zoned && time.has_offset ? "Z" : "";
}

} // namespace

bool ValueChecker::check_column(std::uint32_t index, std::size_t token, CheckSink& sink) {
    const EventColumn& column = schema_.columns()[index];
    Place place{column, index, sink};
    const JsonToken& value = row_.token(token);
    const bool default_for_null = column.has_default && !column.nullable &&
                                  schema_.rules().null_with_default == model::NullWithDefault::UseDefault;
    if (value.kind == JsonKind::Null && default_for_null) {
        sink.warnings->push_back({&codes::E041, index, value.begin, value.end});
        return true; // left out of the written row, so that the DEFAULT applies
    }
    if (sink.out != nullptr) {
        *sink.out += sink.out->back() == '{' ? "" : ",";
        *sink.out += column.output_key;
    }
    return check(column.plan.nodes.front(), token, place);
}

bool ValueChecker::check(const TypeNode& node, std::size_t index, Place& place) {
    const JsonToken& token = row_.token(index);
    if (token.kind == JsonKind::Null) {
        write("null", place);
        return node.nullable || refuse(codes::E011, token, place);
    }
    switch (node.kind) {
    case ValueKind::Integer:
    case ValueKind::Float:
    case ValueKind::Decimal:
        return check_number(node, token, place);
    case ValueKind::Bool:
        return check_bool(token, place);
    case ValueKind::String:
        return check_string(token, place);
    case ValueKind::FixedString:
        return check_fixed_string(node, token, place);
    case ValueKind::Uuid:
        return check_uuid(token, place);
    case ValueKind::Date:
        return check_date(node, token, place);
    case ValueKind::DateTime:
    case ValueKind::DateTime64:
        return check_time(node, token, place);
    case ValueKind::Array:
        return check_elements(node, index, place);
    case ValueKind::Map:
        return check_map(node, index, place);
    case ValueKind::Json:
        return check_json(token, place);
    }
    return false;
}

bool ValueChecker::check_bool(const JsonToken& token, Place& place) {
    if (token.kind != JsonKind::True && token.kind != JsonKind::False) {
        return refuse(codes::E012, token, place);
    }
    write(row_.slice(token), place);
    apply_rules(token, row_.slice(token), place);
    return true;
}

bool ValueChecker::check_number(const TypeNode& node, const JsonToken& token, Place& place) {
    if (token.kind == JsonKind::Number) {
        return check_digits(node, token, row_.slice(token), place);
    }
    if (node.takes_boolean && (token.kind == JsonKind::True || token.kind == JsonKind::False)) {
        const std::string_view digit = token.kind == JsonKind::True ? "1" : "0";
        write(digit, place);
        apply_rules(token, digit, place);
        return true;
    }
    const bool takes_text = node.takes_numeric_text || node.kind == ValueKind::Decimal;
    if (token.kind != JsonKind::String || !takes_text) {
        return refuse(codes::E012, token, place);
    }
    const std::string_view digits = meaning(token);
    return number_shape(digits).well_formed ? check_digits(node, token, digits, place)
                                            : refuse(codes::E015, token, place);
}

bool ValueChecker::check_digits(const TypeNode& node, const JsonToken& token, std::string_view digits,
                                Place& place) {
    if (node.kind == ValueKind::Integer) {
        if (!number_shape(digits).integral) {
            return refuse(codes::E014, token, place);
        }
        if (!fits(digits, node.limits)) {
            return refuse(codes::E013, token, place);
        }
    } else {
        const bool in_range = node.kind == ValueKind::Float ? fits_float(digits, node.bits)
                                                            : fits_decimal(digits, node.length, node.scale);
        if (!in_range) {
            return refuse(codes::E013, token, place);
        }
    }
    write(digits == "-0" ? "0" : digits, place);
    apply_rules(token, digits, place);
    return true;
}

bool ValueChecker::check_string(const JsonToken& token, Place& place) {
    const std::string_view written = row_.slice(token);
    if (token.kind == JsonKind::String) {
        write(written, place); // a JSON string already
        apply_rules(token, meaning(token), place);
        return true;
    }
    const bool structure = token.kind == JsonKind::Object || token.kind == JsonKind::Array;
    if (structure && !schema_.rules().structures_into_string) {
        return refuse(codes::E012, token, place);
    }
    if (place.sink.out != nullptr) {
        append_json_string(*place.sink.out, written);
    }
    apply_rules(token, written, place);
    return true;
}

bool ValueChecker::check_fixed_string(const TypeNode& node, const JsonToken& token, Place& place) {
    if (token.kind != JsonKind::String) {
        return refuse(codes::E012, token, place);
    }
    const std::string_view text = meaning(token);
    if (text.size() > node.length) {
        return refuse(codes::E016, token, place);
    }
    write(row_.slice(token), place);
    apply_rules(token, text, place);
    return true;
}

bool ValueChecker::check_uuid(const JsonToken& token, Place& place) {
    if (token.kind != JsonKind::String) {
        return refuse(codes::E012, token, place);
    }
    const std::string_view text = meaning(token);
    if (!is_uuid(text)) {
        return refuse(codes::E015, token, place);
    }
    write(row_.slice(token), place);
    apply_rules(token, text, place);
    return true;
}

bool ValueChecker::check_date(const TypeNode& node, const JsonToken& token, Place& place) {
    if (token.kind != JsonKind::String) {
        return refuse(codes::E012, token, place);
    }
    const std::string_view text = meaning(token);
    const std::optional<DateText> date = parse_date(text);
    if (!date) {
        return refuse(codes::E015, token, place);
    }
    if (!in_bounds(node, days_since_1970(*date))) {
        return refuse(codes::E013, token, place);
    }
    write(row_.slice(token), place);
    apply_rules(token, text, place);
    return true;
}

bool ValueChecker::check_time(const TypeNode& node, const JsonToken& token, Place& place) {
    if (token.kind == JsonKind::Number && schema_.rules().epoch_into_datetime) {
        return check_epoch(node, token, place);
    }
    if (token.kind != JsonKind::String) {
        return refuse(codes::E012, token, place);
    }
    const std::string_view text = meaning(token);
    const std::optional<TimeText> time = parse_time(text);
    if (!time) {
        return refuse(codes::E015, token, place);
    }
    if (!in_bounds(node, seconds_since_1970(*time))) {
        return refuse(codes::E013, token, place);
    }
    if (place.sink.out != nullptr) {
        *place.sink.out += '"';
        append_moment(*place.sink.out, node, *time, text);
        *place.sink.out += '"';
    }
    apply_rules(token, text, place);
    return true;
}

// Whole seconds since 1970. Milliseconds are far beyond DateTime's range and so refused, which is right:
// nothing says which unit a number has.
bool ValueChecker::check_epoch(const TypeNode& node, const JsonToken& token, Place& place) {
    const std::string_view digits = row_.slice(token);
    if (!token.integral) {
        return refuse(codes::E014, token, place);
    }
    std::int64_t seconds = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (failure != std::errc() || !in_bounds(node, seconds)) {
        return refuse(codes::E013, token, place);
    }
    if (place.sink.out != nullptr) {
        *place.sink.out += '"';
        append_time(*place.sink.out, seconds);
        *place.sink.out += node.zoned ? "Z\"" : "\"";
    }
    apply_rules(token, digits, place);
    return true;
}

bool ValueChecker::check_elements(const TypeNode& node, std::size_t index, Place& place) {
    const JsonToken& array = row_.token(index);
    if (array.kind != JsonKind::Array) {
        return refuse(codes::E012, array, place);
    }
    // Only the column's own array is the one `[:]` stands for.
    const bool picks = !place.column.element_keys.empty() && &node == &place.column.plan.nodes.front();
    const TypeNode& element_type = place.column.plan.nodes[node.element];
    write("[", place);
    for (std::size_t element = index + 1; element != array.next; element = row_.token(element).next) {
        write(element == index + 1 ? "" : ",", place);
        if (picks ? !check_picked_element(element_type, element, place)
                  : !check(element_type, element, place)) {
            return false;
        }
    }
    write("]", place);
    return true;
}

bool ValueChecker::check_picked_element(const TypeNode& node, std::size_t element, Place& place) {
    std::optional<std::size_t> value = element;
    for (const std::string& key : place.column.element_keys) {
        value = row_.find_value(*value, key);
        if (!value) {
            write("null", place);
            return node.nullable || refuse(codes::E010, row_.token(element), place);
        }
    }
    return check(node, *value, place);
}

bool ValueChecker::check_map(const TypeNode& node, std::size_t index, Place& place) {
    const JsonToken& map = row_.token(index);
    if (map.kind != JsonKind::Object) {
        return refuse(codes::E012, map, place);
    }
    CheckSink key_sink = place.sink;
    key_sink.out = nullptr; // a key is written as it stands: in JSON it is a text, whatever its type
    Place key_place{place.column, place.index, key_sink, false};
    write("{", place);
    for (std::size_t key = index + 1; key != map.next;) {
        write(key == index + 1 ? "" : ",", place);
        if (!check(place.column.plan.nodes[node.key], key, key_place)) {
            return false;
        }
        write(row_.slice(row_.token(key)), place);
        write(":", place);
        if (!check(place.column.plan.nodes[node.element], key + 1, place)) {
            return false;
        }
        key = row_.token(key + 1).next;
    }
    write("}", place);
    return true;
}

bool ValueChecker::check_json(const JsonToken& token, Place& place) {
    if (token.kind != JsonKind::Object) {
        return refuse(codes::E012, token, place);
    }
    write(row_.slice(token), place);
    apply_privacy(token, row_.slice(token), place);
    return true;
}

void ValueChecker::apply_rules(const JsonToken& token, std::string_view text, Place& place) {
    const EventColumn& column = place.column;
    if (column.has_rules && place.rules) {
        const auto broken = [&](const Code& code) {
            place.sink.broken_rules->push_back({&code, place.index, token.begin, token.end});
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
        if (column.max_chars && count_code_points(text) > *column.max_chars) {
            broken(codes::E032);
        }
    }
    apply_privacy(token, text, place);
}

void ValueChecker::apply_privacy(const JsonToken& token, std::string_view text, Place& place) {
    const auto warn = [&](const Code& code) {
        place.sink.warnings->push_back({&code, place.index, token.begin, token.end});
    };
    if (place.sink.credentials_possible && find_credential(text)) {
        warn(codes::P001);
    }
    if (place.column.privacy == model::Privacy::Ip && is_full_address(text)) {
        warn(codes::P002);
    }
    if (place.column.privacy == model::Privacy::Prompt &&
        count_code_points(text) > schema_.privacy().prompt_max_chars) {
        warn(codes::P003);
    }
}

bool ValueChecker::refuse(const Code& code, const JsonToken& token, Place& place) {
    place.sink.reasons->push_back({&code, place.index, token.begin, token.end});
    return false;
}

void ValueChecker::write(std::string_view text, Place& place) {
    if (place.sink.out != nullptr) {
        *place.sink.out += text;
    }
}

std::string_view ValueChecker::meaning(const JsonToken& string) {
    if (!string.escaped) {
        return row_.inner(string);
    }
    unescaped_.clear();
    append_unescaped(unescaped_, row_.inner(string)); // the row's parse has refused what cannot be read
    return unescaped_;
}

} // namespace birdhouse::events
