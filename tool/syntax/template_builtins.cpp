// Python's builtins for single values: conversions, rounding, kinds.
#include "syntax/template_functions.hpp"
#include "syntax/template_operators.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace birdhouse::syntax {

namespace {

Outcome<Value> len(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"obj"}, 1));
    const Value& value = *bound[0];
    const auto sized = [](std::size_t size) { return make_integer(static_cast<std::int64_t>(size)); };
    if (const auto text = text_of(value)) {
        TRY(evaluator.spend(text->size() / 256));
        return sized(count_characters(*text));
    }
    if (const Values* items = items_of(value)) {
        return sized(items->size());
    }
    if (const auto* dict = value.as<DictValue>()) {
        return sized(dict->content->entries.size());
    }
    if (const auto* set = value.as<SetValue>()) {
        return sized(set->content->entries.size());
    }
    return raise("TypeError", "object of type '" + std::string(type_name(value)) + "' has no len()");
}

// What int() takes: blanks around, a sign, digits of any script with single underscores between them.
std::optional<Integer> integer_from_text(std::string_view text) {
    std::string digits;
    bool after_digit = false;
    text = strip_spaces(text);
    for (std::size_t at = 0; at < text.size();) {
        const bool first = at == 0;
        const std::uint32_t c = next_code_point(text, at);
        const auto digit = decimal_digit(c);
        if (digit) {
            digits += static_cast<char>('0' + *digit);
        } else if (first && (c == '+' || c == '-')) {
            digits += static_cast<char>(c);
        } else if (c != '_' || !after_digit || at == text.size()) {
            return std::nullopt;
        }
        after_digit = digit.has_value();
    }
    return read_integer(digits);
}

Outcome<Value> integer_from_float(double number) {
    if (std::isnan(number)) {
        return raise("ValueError", "cannot convert float NaN to integer");
    }
    if (std::isinf(number)) {
        return raise("OverflowError", "cannot convert float infinity to integer");
    }
    if (std::abs(number) >= 9.2e18) {
        return unsupported("a number past 64 bits in a computation");
    }
    return make_integer(static_cast<std::int64_t>(number));
}

Outcome<Value> int_of(Evaluator&, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "base"}, 0));
    if (bound[1]) {
        return unsupported("int() with a base");
    }
    if (!bound[0]) {
        return make_integer(0);
    }
    if (const auto text = text_of(*bound[0])) {
        const auto number = integer_from_text(*text);
        if (!number) {
            return raise("ValueError", "invalid literal for int() with base 10: " + repr_of(*bound[0]));
        }
        return make_integer(*number);
    }
    if (const auto* number = bound[0]->as<FloatValue>()) {
        return integer_from_float(number->number);
    }
    const auto integer = integer_of(*bound[0]);
    return integer ? make_integer(*integer)
                   : Outcome<Value>(
                         raise("TypeError", "int() argument must be a string, a bytes-like object or a real "
                                            "number, not '" +
                                                std::string(type_name(*bound[0])) + "'"));
}

Outcome<Value> float_of(Evaluator&, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x"}, 0));
    if (!bound[0]) {
        return make_float(0);
    }
    if (const auto text = text_of(*bound[0])) {
        const auto number = read_float(*text);
        return number ? make_float(*number)
                      : Outcome<Value>(
                            raise("ValueError", "could not convert string to float: " + repr_of(*bound[0])));
    }
    const auto number = number_of(*bound[0]);
    return number ? make_float(*number)
                  : Outcome<Value>(
                        raise("TypeError", "float() argument must be a string or a real number, not '" +
                                               std::string(type_name(*bound[0])) + "'"));
}

Outcome<Value> str_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"object"}, 0));
    if (bound[0] && is_unprintable(*bound[0])) {
        return unsupported("str() of a " + std::string(type_name(*bound[0])));
    }
    return evaluator.text(bound[0] ? str_of(*bound[0]) : "");
}

// In queries `bool` is the service's Boolean(); in generation templates it is Python's.
Outcome<Value> bool_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "default"}, evaluator.is_query() ? 1 : 0));
    const Value value = value_or_none(bound[0]);
    if (!evaluator.is_query()) {
        return make_bool(is_true(value));
    }
    const Value fallback = value_or_none(bound[1]);
    if (value.as<PlaceholderValue>() != nullptr) {
        return is_true(fallback) ? boolean_of(fallback) : make_integer(0);
    }
    return boolean_of(value.is_none() ? fallback : value);
}

Outcome<Value> abs_function(Evaluator&, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x"}, 1));
    const auto number = number_of(*bound[0]);
    if (!number) {
        return raise("TypeError", "bad operand type for abs(): '" + std::string(type_name(*bound[0])) + "'");
    }
    return apply_unary(std::signbit(*number) ? Operator::Minus : Operator::Plus, *bound[0]);
}

// printf rounds the exact binary value, ties to even: the same digits as Python's.
double round_to(double number, int digits) {
    std::array<char, 400> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", std::clamp(digits, 0, 22), number);
    return *read_float(buffer.data());
}

Outcome<Value> round_function(Evaluator&, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"number", "ndigits"}, 1));
    const Value& value = *bound[0];
    const Value digits = value_or_none(bound[1]);
    const auto places = integer_of(digits);
    if (!number_of(value) || (!digits.is_none() && !places)) {
        return raise("TypeError",
                     "type " + std::string(type_name(value)) + " doesn't define __round__ method");
    }
    if (places && (!places->is_small() || places->small < 0)) {
        return unsupported("round() to tens and hundreds");
    }
    if (const auto integer = integer_of(value)) {
        return make_integer(*integer);
    }
    const double number = *number_of(value);
    if (!places) {
        return integer_from_float(std::isfinite(number) ? std::nearbyint(number) : number);
    }
    return make_float(std::isfinite(number)
                          ? round_to(number, static_cast<int>(std::min<std::int64_t>(places->small, 22)))
                          : number);
}

bool is_instance(const Value& value, std::string_view kind) {
    const auto* sequence = value.as<SequenceValue>();
    return (kind == "str" && text_of(value)) || (kind == "bool" && value.as<bool>() != nullptr) ||
           (kind == "int" && integer_of(value)) || (kind == "float" && value.as<FloatValue>() != nullptr) ||
           (kind == "list" && sequence != nullptr && sequence->kind == SequenceKind::List) ||
           (kind == "tuple" && sequence != nullptr && sequence->kind == SequenceKind::Tuple) ||
           (kind == "dict" && value.as<DictValue>() != nullptr) ||
           (kind == "set" && value.as<SetValue>() != nullptr);
}

Outcome<Value> isinstance_function(Evaluator&, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"object", "class"}, 2));
    const Value& classes = *bound[1];
    const Values single{classes};
    const Values* kinds = items_of(classes) != nullptr ? items_of(classes) : &single;
    bool found = false;
    for (const Value& kind : *kinds) {
        const auto* function = kind.as<FunctionValue>();
        if (function == nullptr || function->kind != FunctionKind::Class) {
            return raise("TypeError", "isinstance() arg 2 must be a type, a tuple of types, or a union");
        }
        if (find_builtin_function(function->name) == nullptr) {
            return unsupported("isinstance() of the class `" + std::string(function->name) + "`");
        }
        found = found || is_instance(*bound[0], function->name);
    }
    return make_bool(found);
}

} // namespace

std::span<const FunctionEntry> builtin_functions() {
    static constexpr auto kEntries = std::to_array<FunctionEntry>({
        {"len", len, FunctionKind::Builtin},
        {"int", int_of, FunctionKind::Class},
        {"float", float_of, FunctionKind::Class},
        {"str", str_function, FunctionKind::Class},
        {"bool", bool_function, FunctionKind::Class},
        {"abs", abs_function, FunctionKind::Builtin},
        {"round", round_function, FunctionKind::Builtin},
        {"isinstance", isinstance_function, FunctionKind::Builtin},
    });
    return kEntries;
}

} // namespace birdhouse::syntax
