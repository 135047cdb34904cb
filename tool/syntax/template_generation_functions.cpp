// What only generation templates have: plain functions over text, and printing without SQL.
#include "syntax/template_functions.hpp"

#include <array>

namespace birdhouse::syntax {

Outcome<std::string> print_raw(const Value& value) {
    if (const auto text = text_of(value)) {
        return std::string(*text);
    }
    if (const auto* truth = value.as<bool>()) {
        return std::string(*truth ? "true" : "false");
    }
    if (number_of(value)) {
        return repr_of(value);
    }
    if (value.is_none()) {
        return raise(kUnwritable, "the value is none");
    }
    return raise(kUnwritable, "the value is a " + std::string(type_name(value)));
}

namespace {

// upper(x) is x.upper(): the first argument is the receiver.
Outcome<Value> as_method(Evaluator& evaluator, const Arguments& given) {
    if (given.positional.empty() || !text_of(given.positional[0])) {
        const std::string found =
            given.positional.empty() ? "nothing" : "a " + std::string(type_name(given.positional[0]));
        return raise("TypeError", std::string(given.function) + "() takes a text, not " + found);
    }
    Arguments rest = given;
    rest.positional.erase(rest.positional.begin());
    return call_text_method(evaluator, given.positional[0], rest);
}

Outcome<Value> join_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"items", "separator"}, 1));
    const Value separator = bound[1].value_or(make_text(", "));
    if (!text_of(separator)) {
        return raise("TypeError", "join() takes a list and a text between its items");
    }
    return join_texts(evaluator, *text_of(separator), *bound[0]);
}

// Blanks before every line but the first, which stands where the tag stands, and but empty lines.
Outcome<Value> indent(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"text", "n"}, 2));
    const auto text = text_of(*bound[0]);
    const auto width = integer_of(*bound[1]);
    if (!text || !width || width->small < 0 || width->small > 1000) {
        return raise("TypeError", "indent() takes a text and a number from 0 to 1000");
    }
    const std::string blanks(static_cast<std::size_t>(width->small), ' ');
    std::string out;
    for (std::size_t at = 0; at < text->size() && out.size() <= kLongestText; ++at) {
        const bool line_starts = at > 0 && (*text)[at - 1] == '\n';
        if (line_starts && (*text)[at] != '\n' && (*text)[at] != '\r') {
            out += blanks;
        }
        out += (*text)[at];
    }
    return evaluator.text(std::move(out));
}

} // namespace

std::span<const FunctionEntry> generation_functions() {
    static constexpr auto kEntries = std::to_array<FunctionEntry>({
        {"upper", as_method},
        {"lower", as_method},
        {"replace", as_method},
        {"split", as_method},
        {"strip", as_method},
        {"startswith", as_method},
        {"endswith", as_method},
        {"join", join_function},
        {"indent", indent},
    });
    return kEntries;
}

} // namespace birdhouse::syntax
