// Methods of text. Positions are characters, not bytes, as in Python.
#include "syntax/template_functions.hpp"
#include "syntax/template_operators.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

std::string replace_text(std::string_view text, std::string_view what, std::string_view with,
                         std::size_t most) {
    std::string out;
    std::size_t at = 0;
    for (; most > 0 && !what.empty(); --most) {
        const std::size_t found = text.find(what, at);
        if (found == std::string_view::npos || out.size() > kLongestText) {
            break;
        }
        out += text.substr(at, found - at);
        out += with;
        at = found + what.size();
    }
    return out.append(text.substr(at));
}

std::vector<std::string_view> split_text(std::string_view text, std::string_view separator,
                                         std::size_t most) {
    std::vector<std::string_view> parts;
    std::size_t at = 0;
    while (parts.size() < most) {
        const std::size_t found = text.find(separator, at);
        if (found == std::string_view::npos) {
            break;
        }
        parts.push_back(text.substr(at, found - at));
        at = found + separator.size();
    }
    parts.push_back(text.substr(at));
    return parts;
}

Outcome<Value> join_texts(Evaluator& evaluator, std::string_view separator, const Value& items) {
    TRY_ASSIGN(const Values parts, evaluator.iterate(items));
    std::string out;
    for (std::size_t i = 0; i < parts.size() && out.size() <= kLongestText; ++i) {
        if (!text_of(parts[i])) {
            return raise("TypeError", "sequence item " + std::to_string(i) + ": expected str instance, " +
                                          std::string(type_name(parts[i])) + " found");
        }
        out += i == 0 ? std::string_view{} : separator;
        out += str_of(parts[i]);
    }
    return evaluator.text(std::move(out));
}

namespace {

// ASCII, Latin-1 and Cyrillic change case by a fixed distance. Writings without case pass; for the others the
// rules are too many, and a wrong letter would be worse than a refusal.
std::optional<std::uint32_t> in_case(std::uint32_t c, bool upper) {
    const auto within = [c](std::uint32_t first, std::uint32_t last) { return c >= first && c <= last; };
    const auto shifted = [c, upper](std::uint32_t distance) { return upper ? c - distance : c + distance; };
    if (c < 0x80) {
        const bool changes = upper ? within('a', 'z') : within('A', 'Z');
        return changes ? shifted(32) : c;
    }
    if (within(0xC0, 0xFE) && c != 0xD7 && c != 0xF7 && c != 0xDF) {
        return (c >= 0xE0) == upper ? shifted(32) : c;
    }
    if (within(0x410, 0x44F)) {
        return (c >= 0x430) == upper ? shifted(32) : c;
    }
    if (within(0x400, 0x40F) || within(0x450, 0x45F)) {
        return (c >= 0x450) == upper ? shifted(80) : c;
    }
    if (c == 0xDF && !upper) { // in upper case it would be two letters
        return c;
    }
    const bool caseless = (within(0x80, 0xBF) && c != 0xB5) || c == 0xD7 || c == 0xF7 ||
                          within(0x590, 0x109F) || within(0x2010, 0x20CF) || within(0x2E80, 0xA4CF) ||
                          within(0xAC00, 0xD7A3) || within(0x1F000, 0x1FFFF);
    return caseless ? std::optional(c) : std::nullopt;
}

bool is_cased(std::uint32_t c) { return in_case(c, true) != c || in_case(c, false) != c; }

} // namespace

Outcome<Value> change_case(Evaluator& evaluator, std::string_view text, Case wanted) {
    std::string out;
    bool in_word = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::uint32_t c = next_code_point(text, at);
        const auto changed = in_case(c, wanted == Case::Upper || (wanted == Case::Title && !in_word));
        if (!changed) {
            return unsupported("changing the case of letters past Latin-1 and Cyrillic");
        }
        append_code_point(out, *changed);
        in_word = is_cased(c);
    }
    return evaluator.text(std::move(out));
}

namespace {

using TextMethod = Outcome<Value> (*)(Evaluator&, std::string_view, const Arguments&);

Outcome<std::string_view> text_argument(const Value& value) {
    const auto text = text_of(value);
    return text ? Outcome<std::string_view>(*text)
                : Outcome<std::string_view>(
                      raise("TypeError", "must be str, not " + std::string(type_name(value))));
}

Outcome<std::size_t> limit_of(const std::optional<Value>& value) {
    const auto number = value ? integer_of(*value) : std::nullopt;
    if (value && !number) {
        return raise("TypeError",
                     "'" + std::string(type_name(*value)) + "' object cannot be interpreted as an integer");
    }
    return !number || number->small < 0 ? std::string_view::npos : static_cast<std::size_t>(number->small);
}

// split() without a separator cuts at runs of blanks and gives no empty parts.
Values split_at_spaces(std::string_view text) {
    Values parts;
    std::size_t word = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        if (is_space(next_code_point(text, at))) {
            if (word < begin) {
                parts.push_back(make_text(std::string(text.substr(word, begin - word))));
            }
            word = at;
        }
    }
    if (word < text.size()) {
        parts.push_back(make_text(std::string(text.substr(word))));
    }
    return parts;
}

Outcome<Value> split(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"sep", "maxsplit"}, 0));
    TRY(evaluator.spend(text.size() / 64));
    TRY_ASSIGN(const std::size_t most, limit_of(bound[1]));
    if (!bound[0] || bound[0]->is_none()) {
        return most == std::string_view::npos ? evaluator.sequence(split_at_spaces(text))
                                              : unsupported("split() at blanks with a limit");
    }
    TRY_ASSIGN(const std::string_view separator, text_argument(*bound[0]));
    if (separator.empty()) {
        return raise("ValueError", "empty separator");
    }
    Values parts;
    for (const std::string_view part : split_text(text, separator, most)) {
        parts.push_back(make_text(std::string(part)));
    }
    return evaluator.sequence(std::move(parts));
}

Outcome<Value> join(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable"}, 1));
    if (bound[0]->is_none() || number_of(*bound[0])) {
        return raise("TypeError", "can only join an iterable");
    }
    return join_texts(evaluator, text, *bound[0]);
}

Outcome<Value> replace(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"old", "new", "count"}, 2));
    TRY_ASSIGN(const std::string_view what, text_argument(*bound[0]));
    TRY_ASSIGN(const std::string_view with, text_argument(*bound[1]));
    if (what.empty()) {
        return unsupported("replace() of an empty text");
    }
    TRY_ASSIGN(const std::size_t most, limit_of(bound[2]));
    return evaluator.text(replace_text(text, what, with, most));
}

Outcome<Value> has_affix(std::string_view text, const Arguments& given, bool at_start) {
    TRY_ASSIGN(const Bound bound, bind(given, {"prefix"}, 1));
    const Values single{*bound[0]};
    const Values* affixes = items_of(*bound[0]) != nullptr ? items_of(*bound[0]) : &single;
    for (const Value& affix : *affixes) {
        const auto wanted = text_of(affix);
        if (!wanted) {
            return raise("TypeError", std::string(given.function) +
                                          " first arg must be str or a tuple of str, not " +
                                          std::string(type_name(affix)));
        }
        if (at_start ? text.starts_with(*wanted) : text.ends_with(*wanted)) {
            return make_bool(true);
        }
    }
    return make_bool(false);
}

Outcome<Value> startswith(Evaluator&, std::string_view text, const Arguments& given) {
    return has_affix(text, given, true);
}

Outcome<Value> endswith(Evaluator&, std::string_view text, const Arguments& given) {
    return has_affix(text, given, false);
}

Outcome<Value> to_case(Evaluator& evaluator, std::string_view text, const Arguments& given, Case wanted) {
    TRY(bind(given, {}, 0));
    return change_case(evaluator, text, wanted);
}

Outcome<Value> lower(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    return to_case(evaluator, text, given, Case::Lower);
}

Outcome<Value> upper(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    return to_case(evaluator, text, given, Case::Upper);
}

Outcome<Value> title(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    return to_case(evaluator, text, given, Case::Title);
}

// Strips the characters of the argument, or blanks, from the ends that are asked for.
Outcome<Value> strip_ends(Evaluator& evaluator, std::string_view text, const Arguments& given, bool left,
                          bool right) {
    TRY_ASSIGN(const Bound bound, bind(given, {"chars"}, 0));
    std::vector<std::uint32_t> chosen;
    if (bound[0] && !bound[0]->is_none()) {
        TRY_ASSIGN(const std::string_view characters, text_argument(*bound[0]));
        for (std::size_t at = 0; at < characters.size();) {
            chosen.push_back(next_code_point(characters, at));
        }
        TRY(evaluator.spend(characters.size()));
    }
    const bool blanks = !bound[0] || bound[0]->is_none();
    TRY(evaluator.spend(text.size() / 64));
    std::size_t first = text.size();
    std::size_t last = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const std::uint32_t c = next_code_point(text, at);
        if (blanks ? !is_space(c) : std::find(chosen.begin(), chosen.end(), c) == chosen.end()) {
            first = std::min(first, begin);
            last = at;
        }
    }
    const std::size_t begin = left ? first : 0;
    const std::size_t end = right ? last : text.size();
    return evaluator.text(begin < end ? std::string(text.substr(begin, end - begin)) : "");
}

Outcome<Value> strip(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    return strip_ends(evaluator, text, given, true, true);
}

Outcome<Value> lstrip(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    return strip_ends(evaluator, text, given, true, false);
}

Outcome<Value> rstrip(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    return strip_ends(evaluator, text, given, false, true);
}

Outcome<Value> find(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"sub"}, 1));
    TRY_ASSIGN(const std::string_view part, text_argument(*bound[0]));
    TRY(evaluator.spend(text.size() / 64));
    const std::size_t found = text.find(part);
    return make_integer(found == std::string_view::npos
                            ? -1
                            : static_cast<std::int64_t>(count_characters(text.substr(0, found))));
}

Outcome<Value> count(Evaluator& evaluator, std::string_view text, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"sub"}, 1));
    TRY_ASSIGN(const std::string_view part, text_argument(*bound[0]));
    TRY(evaluator.spend(text.size() / 64));
    const std::size_t found =
        part.empty() ? count_characters(text) + 1 : split_text(text, part, std::string_view::npos).size() - 1;
    return make_integer(static_cast<std::int64_t>(found));
}

Outcome<Value> isdigit(Evaluator&, std::string_view text, const Arguments& given) {
    TRY(bind(given, {}, 0));
    bool digits = !text.empty();
    for (std::size_t at = 0; at < text.size() && digits;) {
        digits = decimal_digit(next_code_point(text, at)).has_value();
    }
    return make_bool(digits);
}

struct NamedMethod {
    std::string_view name;
    TextMethod body;
};

constexpr auto kMethods = std::to_array<NamedMethod>({
    {"split", split},
    {"join", join},
    {"replace", replace},
    {"startswith", startswith},
    {"endswith", endswith},
    {"lower", lower},
    {"upper", upper},
    {"strip", strip},
    {"lstrip", lstrip},
    {"rstrip", rstrip},
    {"find", find},
    {"count", count},
    {"format", format_braces},
    {"isdigit", isdigit},
    {"title", title},
});

} // namespace

Outcome<Value> call_text_method(Evaluator& evaluator, const Value& receiver, const Arguments& arguments) {
    for (const NamedMethod& method : kMethods) {
        if (method.name == arguments.function) {
            return method.body(evaluator, *text_of(receiver), arguments);
        }
    }
    return is_python_method(receiver, arguments.function)
               ? unsupported("the text method `" + std::string(arguments.function) + "`")
               : no_attribute(receiver, arguments.function);
}

} // namespace birdhouse::syntax
