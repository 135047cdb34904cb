// String(x), Int32(x, 10), DateTime(x) and their kin: a parameter's value, checked against a type.
#include "base/text.hpp"
#include "syntax/template_extraction.hpp"
#include "syntax/template_functions.hpp"
#include "syntax/value_json.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace birdhouse::syntax {

namespace {

enum class TypeFamily : std::uint8_t {
    Text,
    Signed,
    Unsigned,
    Float,
    Date,
    DateTime,
    DateTime64,
    Boolean,
    Name
};

struct TypeEntry {
    std::string_view name;
    TypeFamily family;
    std::string_view smallest = {};
    std::string_view largest = {};
};

constexpr auto kTypes = std::to_array<TypeEntry>({
    {"String", TypeFamily::Text},
    {"Boolean", TypeFamily::Boolean},
    {"Date", TypeFamily::Date},
    {"DateTime", TypeFamily::DateTime},
    {"DateTime64", TypeFamily::DateTime64},
    {"Float32", TypeFamily::Float},
    {"Float64", TypeFamily::Float},
    {"Int8", TypeFamily::Signed, "-128", "127"},
    {"Int16", TypeFamily::Signed, "-32768", "32767"},
    {"Int32", TypeFamily::Signed, "-2147483648", "2147483647"},
    {"Int64", TypeFamily::Signed, "-9223372036854775808", "9223372036854775807"},
    {"Int128", TypeFamily::Signed, "-170141183460469231731687303715884105728",
     "170141183460469231731687303715884105727"},
    {"Int256", TypeFamily::Signed,
     "-57896044618658097711785492504343953926634992332820282019728792003956564819968",
     "57896044618658097711785492504343953926634992332820282019728792003956564819967"},
    {"UInt8", TypeFamily::Unsigned, "0", "255"},
    {"UInt16", TypeFamily::Unsigned, "0", "65535"},
    {"UInt32", TypeFamily::Unsigned, "0", "4294967295"},
    {"UInt64", TypeFamily::Unsigned, "0", "18446744073709551615"},
    {"UInt128", TypeFamily::Signed, "0", "340282366920938463463374607431768211455"},
    {"UInt256", TypeFamily::Signed, "0",
     "115792089237316195423570985008687907853269984665640564039457584007913129639935"},
    {"Symbol", TypeFamily::Name},
    {"Column", TypeFamily::Name},
});

// Looked into for every value that is checked, and so no list.
const TypeEntry* find_type(std::string_view name) {
    static const auto kIndex = [] {
        std::unordered_map<std::string_view, const TypeEntry*> index;
        for (const TypeEntry& type : kTypes) {
            index.emplace(type.name, &type);
        }
        return index;
    }();
    const auto found = kIndex.find(name);
    return found == kIndex.end() ? nullptr : found->second;
}

struct IntegerLimits {
    Integer smallest;
    Integer largest;
};

// Of a type of whole numbers.
const IntegerLimits& limits_of(const TypeEntry& type) {
    static const auto kLimits = [] {
        std::array<IntegerLimits, kTypes.size()> limits;
        for (std::size_t i = 0; i < kTypes.size(); ++i) {
            if (!kTypes[i].smallest.empty()) {
                limits[i] = {*read_integer(kTypes[i].smallest), *read_integer(kTypes[i].largest)};
            }
        }
        return limits;
    }();
    return kLimits[static_cast<std::size_t>(&type - kTypes.data())];
}

// `Int` and `Integer` are Int32 that prints without its type.
bool is_plain_integer(std::string_view name) { return name == "Int" || name == "Integer"; }

// The digits of a whole number as ASCII: Python's `^[+-]?\d+$`, where `$` lets one line end pass.
std::optional<std::string> whole_number(std::string_view text, bool sign_allowed) {
    std::string out;
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    for (std::size_t at = 0; at < text.size();) {
        const bool sign = at == 0 && sign_allowed && (text[0] == '+' || text[0] == '-');
        const std::uint32_t c = next_code_point(text, at);
        const auto digit = decimal_digit(c);
        if (!digit && !sign) {
            return std::nullopt;
        }
        out += sign ? static_cast<char>(c) : static_cast<char>('0' + *digit);
    }
    return out;
}

std::optional<Integer> read_typed_integer(const TypeEntry& type, std::string_view text) {
    const auto digits = whole_number(text, type.family == TypeFamily::Signed);
    const auto number = digits ? read_integer(*digits) : std::nullopt;
    const IntegerLimits& limits = limits_of(type);
    const bool fits =
        number && compare(*number, limits.smallest) >= 0 && compare(*number, limits.largest) <= 0;
    return fits ? number : std::nullopt;
}

// How far `pattern` goes into the text: `d` is a digit of any script, `.` any character but a line end, `t` a
// `T` or one blank, `?` before a `d` makes it optional. Npos when it does not fit.
std::size_t match_prefix(std::string_view pattern, std::string_view text) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool optional = pattern[i] == '?';
        i += optional ? 1 : 0;
        std::size_t next = at;
        const std::uint32_t c = at < text.size() ? next_code_point(text, next) : 0;
        const bool fits =
            at < text.size() && (pattern[i] == 'd'   ? decimal_digit(c).has_value()
                                 : pattern[i] == '.' ? c != '\n'
                                 : pattern[i] == 't' ? c == 'T' || is_space(c)
                                                     : c == static_cast<unsigned char>(pattern[i]));
        if (fits) {
            at = next;
        } else if (!optional) {
            return std::string_view::npos;
        }
    }
    return at;
}

bool has_prefix(std::string_view pattern, std::string_view text) {
    return match_prefix(pattern, text) != std::string_view::npos;
}

bool is_date(std::string_view text) {
    const std::size_t end = match_prefix("dddd-dd-dd", text);
    return end == text.size() || (end != std::string_view::npos && text.substr(end) == "\n");
}

bool is_date_time(std::string_view text) {
    return has_prefix("dddd.dd.ddtdd:dd:dd", text) || has_prefix("dd.dd.dddd.d?d:d?d:d", text);
}

bool is_date_time64(std::string_view text) {
    // The last form is the one before it with one digit of the seconds read as the separator.
    return has_prefix("dddd.dd.ddtdd:dd:dd.ddd", text) || has_prefix("dd.dd.dddd.d?d:d?d:d?d.d", text) ||
           has_prefix("dd.dd.dddd.d?d:d?d:d.d", text);
}

bool is_float(std::string_view text) {
    return text.find('_') == std::string_view::npos && read_float(text).has_value();
}

Failure does_not_fit(const std::string& text, std::string_view type) {
    return refuse("Error validating '" + text + "' to type " + std::string(type));
}

} // namespace

bool is_type_name(std::string_view type) { return find_type(type) != nullptr || is_plain_integer(type); }

bool fits_type(std::string_view type, const std::string& text) {
    const TypeEntry* entry = find_type(type);
    if (entry == nullptr) {
        return true;
    }
    switch (entry->family) {
    case TypeFamily::Signed:
    case TypeFamily::Unsigned:
        return read_typed_integer(*entry, text).has_value();
    case TypeFamily::Float:
        return is_float(text);
    case TypeFamily::Date:
        return is_date(text);
    case TypeFamily::DateTime:
        return is_date_time(text);
    case TypeFamily::DateTime64:
        return is_date_time64(text);
    case TypeFamily::Text:
    case TypeFamily::Boolean:
    case TypeFamily::Name:
        return true;
    }
    return true;
}

Value boolean_of(const Value& value) {
    const auto text = text_of(value);
    const std::string lowered = text ? to_lower_ascii(*text) : "";
    return make_integer(is_true(value) && lowered != "0" && lowered != "false" ? 1 : 0);
}

Outcome<Value> convert_to_type(std::string_view type, const Value& value) {
    const TypeEntry& entry = is_plain_integer(type) ? *find_type("Int32") : *find_type(type);
    std::string text = str_of(value);
    if (!fits_type(entry.name, text)) {
        return does_not_fit(text, entry.name);
    }
    switch (entry.family) {
    case TypeFamily::Signed:
    case TypeFamily::Unsigned:
        return make_integer(*read_typed_integer(entry, text),
                            is_plain_integer(type) ? std::string_view{} : entry.name);
    case TypeFamily::Float:
        return make_float(*read_float(text), entry.name);
    case TypeFamily::Boolean:
        return boolean_of(value);
    case TypeFamily::Name:
        return make_text("`" + escape_identifier(text) + "`", TextKind::Symbol);
    default:
        return make_text(std::move(text));
    }
}

Value placeholder_of_type(std::string_view type) {
    const TypeEntry* entry = find_type(type);
    const TypeFamily family = is_plain_integer(type) ? TypeFamily::Boolean
                              : entry == nullptr     ? TypeFamily::Text
                                                     : entry->family;
    switch (family) {
    case TypeFamily::Signed:
    case TypeFamily::Unsigned:
        return make_integer(0, entry->name);
    case TypeFamily::Float:
        return make_float(0, entry->name);
    case TypeFamily::Date:
        return make_text("2019-01-01");
    case TypeFamily::DateTime:
        return make_text("2019-01-01 00:00:00");
    case TypeFamily::DateTime64:
        return make_text("2019-01-01 00:00:00.000");
    case TypeFamily::Boolean:
        return make_integer(0);
    case TypeFamily::Name:
        return make_text("`placeholder`", TextKind::Symbol);
    case TypeFamily::Text:
        break;
    }
    return make_text("__no_value__");
}

namespace {

Outcome<Value> typed_parameter(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(
        const Bound bound,
        bind(given, {"x", "default", "defined", "required", "description", "enum", "example", "format"}, 1));
    const Value& value = *bound[0];
    const Value fallback = value_or_none(bound[1]);
    if (value.as<PlaceholderValue>() != nullptr) {
        return is_true(fallback) ? convert_to_type(given.function, fallback)
                                 : placeholder_of_type(given.function);
    }
    if (!value.is_none()) {
        return convert_to_type(given.function, value);
    }
    if (!fallback.is_none()) {
        return convert_to_type(given.function, fallback);
    }
    if (!bound[2] || is_true(*bound[2])) {
        return refuse(required_message(evaluator.tree()));
    }
    return Value{};
}

// Not like the others: an absent value is 0, and descriptions are not taken.
Outcome<Value> boolean_parameter(Evaluator&, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "default"}, 1));
    const Value fallback = value_or_none(bound[1]);
    const bool absent = bound[0]->is_none() || bound[0]->as<PlaceholderValue>() != nullptr;
    const Value& chosen = absent ? fallback : *bound[0];
    // `Boolean(x, false)`: `false` is one more parameter, and as absent as the first.
    return chosen.as<PlaceholderValue>() != nullptr ? make_integer(0) : boolean_of(chosen);
}

Failure json_refused(const std::string& text, const std::string& reason) {
    constexpr std::size_t kShown = 16;
    const std::size_t end = offset_of_character(text, kShown);
    return refuse("Error parsing JSON: '" + text.substr(0, end) + (end < text.size() ? "..." : "") + "' - " +
                  reason);
}

Outcome<Value> json_parameter(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "default"}, 1));
    Value value = *bound[0];
    const bool text_default = bound[1] && text_of(*bound[1]);
    if (value.as<PlaceholderValue>() != nullptr) {
        value = bound[1] && is_true(*bound[1]) ? *bound[1] : make_text("__no_value__");
    } else if (value.is_none()) {
        value = text_default ? *bound[1] : make_text("{}");
    }
    const auto text = text_of(value);
    if (!text) { // from a JSON body: read already
        return value;
    }
    TRY(evaluator.spend(text->size() / 16));
    auto read = read_json(*text);
    if (const auto* fault = std::get_if<JsonFault>(&read)) {
        return json_refused(std::string(*text), fault->message);
    }
    return std::move(*std::get_if<Value>(&read));
}

} // namespace

std::span<const FunctionEntry> parameter_functions() {
    static constexpr auto kEntries = std::to_array<FunctionEntry>({
        {"String", typed_parameter},   {"Boolean", boolean_parameter},  {"Date", typed_parameter},
        {"DateTime", typed_parameter}, {"DateTime64", typed_parameter}, {"Float32", typed_parameter},
        {"Float64", typed_parameter},  {"Int", typed_parameter},        {"Integer", typed_parameter},
        {"Int8", typed_parameter},     {"Int16", typed_parameter},      {"Int32", typed_parameter},
        {"Int64", typed_parameter},    {"Int128", typed_parameter},     {"Int256", typed_parameter},
        {"UInt8", typed_parameter},    {"UInt16", typed_parameter},     {"UInt32", typed_parameter},
        {"UInt64", typed_parameter},   {"UInt128", typed_parameter},    {"UInt256", typed_parameter},
        {"JSON", json_parameter},
    });
    return kEntries;
}

} // namespace birdhouse::syntax
