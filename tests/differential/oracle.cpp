#include "oracle.hpp"

#include "base/text.hpp"
#include "events/text_pattern.hpp"

#include <array>
#include <map>
#include <memory>

namespace birdhouse::differential {

namespace {

enum Rule : std::size_t {
    kNotText,
    kMinusZero,
    kZeroExponent,
    kNull,
    kStructureInText,
    kScalarInText,
    kStructure,
    kObjectForJson,
    kScalarForJson,
    kTruthInUInt8,
    kTruth,
    kTextForTruth,
    kNumberForText,
    kTextForNarrowInteger,
    kTextForFloat,
    kFractionForInteger,
    kNumberForm,
    kUuidForm,
    kDateForm,
    kTimeForm,
};

constexpr auto kRules = std::to_array<OwnRule>({
    {"not UTF-8", "such a line is no event; the engine keeps any bytes", "String", "\"\xC3\""},
    {"minus zero", "-0 is 0; the engine takes no sign for an unsigned type", "UInt8", "-0", true},
    {"zero with an exponent", "0e57 is 0; the engine wants room for 57 digits", "Decimal(9, 2)", "0e57",
     true},
    {"null", "null needs Nullable; the engine stores the type's zero", "UInt8", "null"},
    {"structure for String", "kept as its JSON text", "String", R"({"a":1})", true},
    {"scalar for String", "kept as its text", "String", "1.50", true},
    {"structure", "an object is no scalar", "UInt8", "{}"},
    {"object for JSON", "any object is a value of JSON", "JSON", R"({"a":{"b":[1]}})", true},
    {"scalar for JSON", "documented: JSON takes objects", "JSON", "1"},
    {"truth for UInt8", "true is 1, seen in production", "UInt8", "true", true},
    {"truth", "true and false go into Bool and UInt8 only; the engine takes them for any number", "Int32",
     "true"},
    {"no truth for Bool", "the engine takes 1 and \"true\"", "Bool", "1"},
    {"number for a text type", "the engine takes numbers for times; the unit is not documented", "DateTime",
     "1718701923"},
    {"text for a narrow integer", "documented: \"3\" does not go into Int16", "Int16", R"("3")"},
    {"text for a float", "documented: floats take numbers", "Float64", R"("1.5")"},
    {"fraction for an integer", "1.0 and 1e3 are no whole numbers in JSON text", "Int32", "1.0"},
    {"form of a number in a text", "a number in quotes has the form of a JSON number", "Int64", R"("+1")"},
    {"form of a UUID", "canonical text only; the engine takes it without dashes", "UUID",
     R"("61f0c4045cb311e7907ba6006ad3dba0")"},
    {"form of a date", "YYYY-MM-DD only", "Date", R"("2025-6-1")"},
    {"form of a time", "the documented forms only; best effort reads much more", "DateTime",
     R"("18 Jun 2025 09:12:03")"},
});

bool starts(std::string_view type, std::string_view name) { return type.starts_with(name); }
bool is_integer(std::string_view type) { return starts(type, "Int") || starts(type, "UInt"); }
bool is_text(std::string_view type) { return starts(type, "String") || starts(type, "FixedString"); }
bool is_wide(std::string_view type) {
    return type.ends_with("64") || type.ends_with("128") || type.ends_with("256");
}

bool has_form(std::string_view text, const char* expression) {
    static std::map<std::string, std::shared_ptr<const events::TextPattern>> patterns; // compiled once each
    std::string fault;
    auto& pattern = patterns[expression];
    pattern = pattern == nullptr ? events::TextPattern::compile(expression, fault) : pattern;
    return pattern != nullptr && pattern->matches(text);
}

constexpr const char* kInteger = R"(\A-?(0|[1-9][0-9]*)\z)";
constexpr const char* kNumber = R"(\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z)";
constexpr const char* kZeroWithExponent = R"(\A-?0(\.0+)?[eE][+-]?[0-9]+\z)";
constexpr const char* kUuid = R"(\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z)";
constexpr const char* kDate = R"(\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z)";
constexpr const char* kTime = R"(\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ])"
                              R"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?)"
                              R"((Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?\z)";

std::string number_after(const std::string& type, char behind) {
    const std::size_t begin = type.find(behind) + 1;
    const std::size_t digits = type.find_first_of("0123456789", begin);
    return type.substr(digits, type.find_first_not_of("0123456789", digits) - digits);
}

std::string decimal_question(const std::string& type) {
    const std::string precision = number_after(type, '(');
    const std::string scale = number_after(type, ',');
    const auto whole = static_cast<std::size_t>(std::stoi(precision) - std::stoi(scale));
    return "ifNull(abs(toDecimal256OrNull(s, " + scale + ")) < toDecimal256('1" + std::string(whole, '0') +
           "', 0), 0)";
}

std::string time_question(const std::string& type) {
    const bool fractions = starts(type, "DateTime64");
    const std::string last = !fractions                     ? "4294967295"
                             : starts(type, "DateTime64(9") ? "9223372036"
                                                            : "10413791999";
    return "ifNull(floor(toUnixTimestamp64Milli(parseDateTime64BestEffortOrNull(s, 3, 'UTC')) / 1000) "
           "BETWEEN " +
           std::string(fractions ? "-2208988800" : "0") + " AND " + last + ", 0)";
}

} // namespace

std::string question(const std::string& type) {
    if (is_integer(type)) {
        return "ifNull(toString(to" + type + "OrNull(s)) = if(s = '-0', '0', s), 0)";
    }
    if (starts(type, "Float")) {
        return "ifNull(isFinite(to" + type + "OrNull(s)), 0)";
    }
    if (starts(type, "Decimal")) {
        return decimal_question(type);
    }
    if (starts(type, "DateTime")) {
        return time_question(type);
    }
    if (starts(type, "Date")) {
        return "ifNull(toString(to" + type + "OrNull(s)) = s, 0)";
    }
    if (starts(type, "UUID")) {
        return "toUUIDOrNull(s) IS NOT NULL";
    }
    return starts(type, "FixedString") ? "length(s) <= " + number_after(type, '(') : "1";
}

const OwnRule* own_rule(const std::string& type, const Leaf& leaf) {
    const auto rule = [](Rule which) { return &kRules[which]; };
    const bool numeric = is_integer(type) || starts(type, "Float") || starts(type, "Decimal");
    if (find_invalid_utf8(leaf.text)) {
        return rule(kNotText);
    }
    const bool has_number = leaf.kind == Kind::Number || leaf.kind == Kind::Text;
    if (starts(type, "Decimal") && has_number && has_form(leaf.text, kZeroWithExponent)) {
        return rule(kZeroExponent);
    }
    if (starts(type, "JSON") && leaf.kind != Kind::Null) {
        return rule(leaf.kind == Kind::Structure ? kObjectForJson : kScalarForJson);
    }
    switch (leaf.kind) {
    case Kind::Null:
        return rule(kNull);
    case Kind::Structure:
        return rule(starts(type, "String") ? kStructureInText : kStructure);
    case Kind::Truth:
        if (starts(type, "Bool")) {
            return nullptr;
        }
        return rule(starts(type, "String") ? kScalarInText : type == "UInt8" ? kTruthInUInt8 : kTruth);
    case Kind::Number:
        if (is_integer(type)) {
            return leaf.text == "-0" && type.front() == 'U' ? rule(kMinusZero)
                   : has_form(leaf.text, kInteger)          ? nullptr
                                                            : rule(kFractionForInteger);
        }
        return numeric                  ? nullptr
               : starts(type, "String") ? rule(kScalarInText)
               : starts(type, "Bool")   ? rule(kTextForTruth)
                                        : rule(kNumberForText);
    case Kind::Text:
        break;
    }
    if (starts(type, "Bool")) {
        return rule(kTextForTruth);
    }
    if (starts(type, "Float")) {
        return rule(kTextForFloat);
    }
    if (is_integer(type) && !is_wide(type)) {
        return rule(kTextForNarrowInteger);
    }
    if (numeric && leaf.text == "-0" && type.front() == 'U') {
        return rule(kMinusZero);
    }
    if (numeric) {
        return !has_form(leaf.text, kNumber)                        ? rule(kNumberForm)
               : is_integer(type) && !has_form(leaf.text, kInteger) ? rule(kFractionForInteger)
                                                                    : nullptr;
    }
    if (is_text(type)) {
        return nullptr;
    }
    if (starts(type, "UUID")) {
        return has_form(leaf.text, kUuid) ? nullptr : rule(kUuidForm);
    }
    return starts(type, "DateTime") ? (has_form(leaf.text, kTime) ? nullptr : rule(kTimeForm))
                                    : (has_form(leaf.text, kDate) ? nullptr : rule(kDateForm));
}

bool engine_reads(const std::string& type, const Leaf& leaf) {
    const bool exponent = starts(type, "Decimal") && leaf.text.find_first_of("eE") != std::string::npos;
    return !exponent && !(leaf.text == "-0" && starts(type, "UInt"));
}

OwnRules own_rules() { return {kRules.data(), kRules.data() + kRules.size()}; }

} // namespace birdhouse::differential
