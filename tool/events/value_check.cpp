// Kinds of values with one text each: numbers, truth values, times. Texts, containers and the definition's
// rules are in the two files beside this one.
#include "events/value_check.hpp"

#include "base/codes.hpp"
#include "events/numbers.hpp"
#include "events/times.hpp"

#include <charconv>

namespace birdhouse::events {

namespace {

bool in_bounds(const TypeNode& node, std::int64_t value) { return value >= node.first && value <= node.last; }

bool in_years(const TypeNode& node, unsigned year) {
    return year >= node.first_year && year <= node.last_year;
}

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

// Whether the rules of the project let a well-formed time pass.
bool reads(const TypeNode& node, const TimeText& time, const model::IngestionRules& rules) {
    return (time.fraction.empty() || node.takes_fraction) &&
           (!time.has_number_offset || rules.offset_in_times);
}

} // namespace

Outcome ValueChecker::check_column(std::uint32_t index, int depth) {
    const EventColumn& column = schema_.columns()[index];
    Place place{column, index, out_};
    const bool default_for_null = column.has_default && !column.nullable &&
                                  schema_.rules().null_with_default == model::NullWithDefault::UseDefault;
    if (default_for_null && cursor_.here() == 'n' && cursor_.scalar() == "null") {
        verdict_.warnings.push_back(note(codes::E041, index, cursor_.place(), cursor_.end()));
        ++cursor_.at;
        return Outcome::Taken; // left out of the written row, so that the DEFAULT applies
    }
    if (out_ != nullptr) {
        *out_ += out_->back() == '{' ? "" : ",";
        *out_ += column.output_key;
    }
    const TypeNode& node = column.plan.nodes.front();
    return column.element_keys.empty() || cursor_.here() == 'n' ? check(node, place, depth)
                                                                : check_picked(node, place, depth);
}

Outcome ValueChecker::check(const TypeNode& node, Place& place, int depth) {
    if (cursor_.here() == 'n') {
        return check_null(node, place);
    }
    switch (node.kind) {
    case ValueKind::Integer:
        return check_integer(node, place);
    case ValueKind::Float:
    case ValueKind::Decimal:
        return check_fraction(node, place);
    case ValueKind::Bool:
        return check_bool(place);
    case ValueKind::String:
        return check_string(place, depth);
    case ValueKind::FixedString:
        return check_fixed_string(node, place);
    case ValueKind::Uuid:
        return check_uuid(place);
    case ValueKind::Date:
        return check_date(node, place);
    case ValueKind::DateTime:
    case ValueKind::DateTime64:
        return check_time(node, place);
    case ValueKind::Array:
        return check_array(node, place, depth);
    case ValueKind::Map:
        return check_map(node, place, depth);
    case ValueKind::Json:
        return check_json(place, depth);
    }
    return Outcome::Broken;
}

Outcome ValueChecker::check_null(const TypeNode& node, Place& place) {
    if (cursor_.scalar() != "null") {
        return Outcome::Broken;
    }
    if (!node.nullable) {
        return refuse(codes::E011, place);
    }
    write("null", place);
    ++cursor_.at;
    return Outcome::Taken;
}

Outcome ValueChecker::check_bool(Place& place) {
    const std::uint32_t begin = cursor_.place();
    const std::string_view written = cursor_.scalar();
    if (written != "true" && written != "false") {
        return refuse(codes::E012, place);
    }
    write(written, place);
    if (place.column.has_rules) {
        apply_rules(written, begin, begin + static_cast<std::uint32_t>(written.size()), place);
    }
    ++cursor_.at;
    return Outcome::Taken;
}

// Up to eight digits are read as a number, which decides range and rules at once.
Outcome ValueChecker::check_integer(const TypeNode& node, Place& place) {
    const std::string_view written = cursor_.scalar();
    std::uint64_t value = 0;
    const bool usual = read_short_integer(written.data(), written.size(), value) && value <= node.short_limit;
    const EventColumn& column = place.column;
    if (!usual || (column.has_rules && !(column.short_range && value >= column.short_range->first &&
                                         value <= column.short_range->last))) {
        return check_any_number(node, place);
    }
    write(written, place);
    ++cursor_.at;
    return Outcome::Taken;
}

Outcome ValueChecker::check_fraction(const TypeNode& node, Place& place) {
    const std::string_view written = cursor_.scalar();
    std::size_t point = 0;
    const bool negative = cursor_.here() == '-';
    const bool usual =
        is_short_number(written.data() + (negative ? 1 : 0), written.size() - (negative ? 1 : 0), point) &&
        (node.kind == ValueKind::Float || point + node.scale <= node.length);
    if (!usual || (negative && place.out != nullptr)) {
        return check_any_number(node, place);
    }
    const EventColumn& column = place.column;
    if (column.has_rules) {
        // Between its whole part and the next number.
        std::uint64_t whole = 0;
        const bool inside = column.short_range && !negative &&
                            read_short_integer(written.data(), point, whole) &&
                            whole >= column.short_range->first && whole < column.short_range->last;
        if (!inside) {
            return check_any_number(node, place);
        }
    }
    write(written, place);
    ++cursor_.at;
    return Outcome::Taken;
}

Outcome ValueChecker::check_any_number(const TypeNode& node, Place& place) {
    const std::uint32_t begin = cursor_.place();
    const std::string_view written = cursor_.scalar();
    const bool truth = written == "true" || written == "false";
    if (node.takes_boolean && truth) {
        const std::string_view digit = written == "true" ? "1" : "0";
        write(digit, place);
        apply_rules(digit, begin, cursor_.end(), place);
        ++cursor_.at;
        return Outcome::Taken;
    }
    if (cursor_.here() != '"') {
        return number_shape(written).well_formed ? check_digits(node, written, place)
                                                 : refuse(codes::E012, place);
    }
    if (!node.takes_numeric_text && node.kind != ValueKind::Decimal) {
        return refuse(codes::E012, place);
    }
    Text text;
    if (!read_text(text)) {
        return Outcome::Broken;
    }
    const std::string_view digits = meaning(text);
    return number_shape(digits).well_formed ? check_digits(node, digits, place) : refuse(codes::E015, place);
}

Outcome ValueChecker::check_digits(const TypeNode& node, std::string_view digits, Place& place) {
    if (node.kind == ValueKind::Integer) {
        if (!number_shape(digits).integral) {
            return refuse(codes::E014, place);
        }
        if (!fits(digits, node.limits)) {
            return refuse(codes::E013, place);
        }
    } else {
        const bool in_range = node.kind == ValueKind::Float ? fits_float(digits, node.bits)
                                                            : fits_decimal(digits, node.length, node.scale);
        if (!in_range) {
            return refuse(codes::E013, place);
        }
    }
    if (node.kind == ValueKind::Decimal && place.out != nullptr) {
        append_decimal(*place.out, digits, node.scale);
    } else {
        write(node.kind == ValueKind::Integer && digits == "-0" ? "0" : digits, place);
    }
    apply_rules(digits, cursor_.place(), cursor_.end(), place);
    ++cursor_.at;
    return Outcome::Taken;
}

Outcome ValueChecker::check_date(const TypeNode& node, Place& place) {
    const std::string_view written = cursor_.scalar();
    unsigned year = 0;
    if (cursor_.here() != '"') {
        return refuse(codes::E012, place);
    }
    if (JsonCursor::is_closed(written) && is_usual_date(written.data() + 1, written.size() - 2, year) &&
        in_years(node, year) && !place.column.has_rules) {
        write(written, place);
        ++cursor_.at;
        return Outcome::Taken;
    }
    Text text;
    if (!read_text(text)) {
        return Outcome::Broken;
    }
    const std::string_view means = meaning(text);
    const std::optional<DateText> date = parse_date(means);
    if (!date) {
        return refuse(codes::E015, place);
    }
    if (!in_bounds(node, days_since_1970(*date))) {
        return refuse(codes::E013, place);
    }
    return take_text(node.kind, text, means, place);
}

Outcome ValueChecker::check_time(const TypeNode& node, Place& place) {
    const std::string_view written = cursor_.scalar();
    if (cursor_.here() != '"') {
        const bool epoch = schema_.rules().epoch_into_datetime && number_shape(written).well_formed;
        return epoch ? check_epoch(node, place) : refuse(codes::E012, place);
    }
    unsigned year = 0;
    if (JsonCursor::is_closed(written) && is_usual_time(written.data() + 1, written.size() - 2, year) &&
        in_years(node, year) && place.out == nullptr && !place.column.has_rules && node.takes_fraction) {
        ++cursor_.at;
        return Outcome::Taken;
    }
    Text text;
    if (!read_text(text)) {
        return Outcome::Broken;
    }
    const std::string_view means = meaning(text);
    const std::optional<TimeText> time = parse_time(means);
    if (!time || !reads(node, *time, schema_.rules())) {
        return refuse(codes::E015, place);
    }
    if (!in_bounds(node, seconds_since_1970(*time))) {
        return refuse(codes::E013, place);
    }
    if (place.out != nullptr) {
        *place.out += '"';
        append_moment(*place.out, node, *time, means);
        *place.out += '"';
    }
    apply_rules(means, text.begin, text.end, place);
    ++cursor_.at;
    return Outcome::Taken;
}

// Whole seconds since 1970. Milliseconds are far beyond DateTime's range and so refused, which is right:
// nothing says which unit a number has.
Outcome ValueChecker::check_epoch(const TypeNode& node, Place& place) {
    const std::string_view digits = cursor_.scalar();
    if (!number_shape(digits).integral) {
        return refuse(codes::E014, place);
    }
    std::int64_t seconds = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (failure != std::errc() || !in_bounds(node, seconds)) {
        return refuse(codes::E013, place);
    }
    if (place.out != nullptr) {
        *place.out += '"';
        append_time(*place.out, seconds);
        *place.out += node.zoned ? "Z\"" : "\"";
    }
    apply_rules(digits, cursor_.place(), cursor_.end(), place);
    ++cursor_.at;
    return Outcome::Taken;
}

Outcome ValueChecker::refuse(const Code& code, Place& place) {
    const char first = cursor_.here();
    const bool structure = first == '{' || first == '[';
    return refuse(code, cursor_.place(), structure ? end_of_value(0) : cursor_.end(), place);
}

Outcome ValueChecker::refuse(const Code& code, std::uint32_t begin, std::uint32_t end, Place& place) {
    verdict_.reasons.push_back(note(code, place.index, begin, end));
    return Outcome::Refused;
}

// Where a structure ends; its beginning when it is not well formed, which is found out later.
std::uint32_t ValueChecker::end_of_value(int depth) const {
    JsonCursor probe = cursor_;
    return probe.skip(depth) ? probe.places[probe.at - 1] + 1 : cursor_.place();
}

} // namespace birdhouse::events
