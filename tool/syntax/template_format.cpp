// Texts with values put in: f-strings, '%s' % x and '{}'.format(x). Only the plain forms: a format that pads
// or rounds is refused, not approximated.
#include "syntax/template_functions.hpp"

namespace birdhouse::syntax {

Outcome<std::string> format_value(const Value& value, std::string_view rest) {
    if (is_unprintable(value)) {
        return unsupported("printing a " + std::string(type_name(value)));
    }
    if (rest.empty() || rest == "!s" || rest == ":") {
        return str_of(value);
    }
    if (rest == "!r") {
        return repr_of(value);
    }
    return unsupported("the format `" + std::string(rest) + "`");
}

namespace {

Outcome<std::string> percent_part(char directive, const Value& value) {
    if (directive == 's' || directive == 'r') {
        return format_value(value, directive == 's' ? "" : "!r");
    }
    if (directive != 'd' && directive != 'i') {
        return unsupported("the format `%" + std::string(1, directive) + "`");
    }
    if (const auto integer = integer_of(value)) {
        return integer_text(*integer);
    }
    return number_of(value)
               ? Outcome<std::string>(unsupported("the format `%d` of a float"))
               : Outcome<std::string>(raise("TypeError", "%d format: a real number is required, not " +
                                                             std::string(type_name(value))));
}

} // namespace

Outcome<Value> format_percent(Evaluator& evaluator, std::string_view pattern, const Value& given) {
    const auto* tuple = given.as<SequenceValue>();
    const bool several = tuple != nullptr && tuple->kind == SequenceKind::Tuple;
    const Values arguments = several ? tuple->content->items : Values{given};
    std::size_t used = 0;
    std::string out;
    for (std::size_t at = 0; at < pattern.size() && out.size() <= kLongestText; ++at) {
        if (pattern[at] != '%') {
            out += pattern[at];
            continue;
        }
        if (++at == pattern.size()) {
            return raise("ValueError", "incomplete format");
        }
        if (pattern[at] == '%') {
            out += '%';
            continue;
        }
        if (used == arguments.size()) {
            return raise("TypeError", "not enough arguments for format string");
        }
        TRY_ASSIGN(const std::string shown, percent_part(pattern[at], arguments[used++]));
        out += shown;
    }
    if (used < arguments.size() && given.as<DictValue>() == nullptr) {
        return raise("TypeError", "not all arguments converted during string formatting");
    }
    return evaluator.text(std::move(out));
}

namespace {

// `{}`, `{0}` or `{name}`; the value it stands for.
Outcome<Value> braces_value(std::string_view field, const Arguments& given, std::size_t& automatic) {
    if (field.find_first_not_of("0123456789") == std::string_view::npos) {
        const auto number = field.empty()
                                ? std::optional(Integer{static_cast<std::int64_t>(automatic++), nullptr})
                                : read_integer(field);
        if (!number->is_small() || static_cast<std::size_t>(number->small) >= given.positional.size()) {
            return raise("IndexError", "Replacement index " + integer_text(*number) +
                                           " out of range for positional args tuple");
        }
        return given.positional[static_cast<std::size_t>(number->small)];
    }
    for (const auto& [name, value] : given.keywords) {
        if (name == field) {
            return value;
        }
    }
    return field.find_first_of(".[") == std::string_view::npos
               ? Outcome<Value>(raise("KeyError", repr_of(make_text(std::string(field)))))
               : Outcome<Value>(unsupported("the format field `" + std::string(field) + "`"));
}

} // namespace

Outcome<Value> format_braces(Evaluator& evaluator, std::string_view pattern, const Arguments& given) {
    std::string out;
    std::size_t automatic = 0;
    for (std::size_t at = 0; at < pattern.size() && out.size() <= kLongestText;) {
        const char c = pattern[at];
        const bool doubled = at + 1 < pattern.size() && pattern[at + 1] == c;
        if ((c != '{' && c != '}') || doubled) {
            out += c;
            at += c == '{' || c == '}' ? 2 : 1;
            continue;
        }
        const std::size_t close = pattern.find('}', at);
        if (c == '}' || close == std::string_view::npos) {
            return raise("ValueError", "Single '" + std::string(1, c) + "' encountered in format string");
        }
        const std::string_view field = pattern.substr(at + 1, close - at - 1);
        const std::size_t rest = std::min(field.find_first_of("!:"), field.size());
        TRY_ASSIGN(const Value value, braces_value(field.substr(0, rest), given, automatic));
        TRY_ASSIGN(const std::string shown, format_value(value, field.substr(rest)));
        out += shown;
        at = close + 1;
    }
    return evaluator.text(std::move(out));
}

} // namespace birdhouse::syntax
