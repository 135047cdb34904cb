// Array(x, 'Int32'), split_to_array(x), enumerate_with_last(x): parameters that hold several values.
#include "base/text.hpp"
#include "syntax/template_extraction.hpp"
#include "syntax/template_functions.hpp"
#include "syntax/value_unicode.hpp"

#include <array>

namespace birdhouse::syntax {

namespace {

// Items as the service takes them from a request: text is cut at commas and not trimmed.
Outcome<Values> array_items(const Value& value) {
    if (const auto text = text_of(value)) {
        Values items;
        for (const std::string_view part : split(*text, ',')) {
            items.push_back(make_text(std::string(part)));
        }
        return items;
    }
    const Values* items = items_of(value);
    return items == nullptr ? Outcome<Values>(refuse("transform type function Array is not well defined"))
                            : *items;
}

Failure item_refused(const Value& value, std::size_t index, const std::string& item, std::string_view type) {
    return refuse("Error validating [" + str_of(value) + "][" + std::to_string(index) + "] (" +
                  (item.empty() ? "empty string" : item) + ") to type " + std::string(type));
}

// Numbers stand bare in an array and lose their type; texts, dates among them, are quoted.
std::string item_text(const Value& converted) {
    if (const auto text = text_of(converted)) {
        const bool name = converted.as<TextValue>()->kind == TextKind::Symbol;
        return name ? std::string(*text) : "'" + escape_text(*text) + "'";
    }
    return repr_of(converted);
}

Outcome<Value> convert_item(const Value& value, std::size_t index, const Value& item, std::string_view type) {
    const std::string text = str_of(item);
    if (!is_type_name(type)) {
        return make_text(text);
    }
    // Int and Integer have no check of their own: the conversion refuses, in its own words.
    if (!fits_type(type, text)) {
        return item_refused(value, index, text, type);
    }
    return convert_to_type(type, item);
}

} // namespace

Outcome<std::string> array_text(const Value& value, std::string_view item_type) {
    if (item_type == "Bool") { // no such type: the service looks it up and finds nothing
        return raise("KeyError", "'Bool'");
    }
    TRY_ASSIGN(const Values items, array_items(value));
    std::string out = "[";
    for (std::size_t i = 0; i < items.size(); ++i) {
        TRY_ASSIGN(const Value item, convert_item(value, i, items[i], item_type));
        out += (i == 0 ? "" : ",") + item_text(item);
    }
    return out + "]";
}

namespace {

Outcome<Value> convert_array(Evaluator& evaluator, const Value& value, std::string_view item_type) {
    TRY_ASSIGN(std::string shown, array_text(value, item_type));
    TRY(evaluator.spend(shown.size() / 16));
    return evaluator.text(std::move(shown), TextKind::Raw);
}

Outcome<Value> array_placeholder(Evaluator& evaluator, std::string_view item_type) {
    const bool typed = is_type_name(item_type) && item_type != "String";
    const std::string item = item_text(placeholder_of_type(item_type));
    return evaluator.text(typed ? "[" + item + "," + item + "]" : "['']", TextKind::Raw);
}

Outcome<Value> array_parameter(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(
        const Bound bound,
        bind(given,
             {"x", "type", "default", "defined", "required", "description", "enum", "example", "format"}, 1));
    const Value& value = *bound[0];
    const std::string type = bound[1] && text_of(*bound[1]) ? std::string(*text_of(*bound[1])) : "";
    const Value fallback = value_or_none(bound[2]);
    if (value.as<PlaceholderValue>() != nullptr) {
        return is_true(fallback) ? convert_array(evaluator, fallback, type)
                                 : array_placeholder(evaluator, type);
    }
    if (!value.is_none()) {
        return convert_array(evaluator, value, type);
    }
    if (!fallback.is_none()) {
        return convert_array(evaluator, fallback, type);
    }
    if (!bound[3] || is_true(*bound[3])) {
        return refuse(required_message(evaluator.tree()));
    }
    return Value{};
}

Outcome<Value> split_to_array(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "default", "separator"}, 1));
    const bool absent = bound[0]->is_none() || bound[0]->as<PlaceholderValue>() != nullptr;
    const Value chosen = absent ? bound[1].value_or(make_text("")) : *bound[0];
    const auto text = text_of(chosen);
    if (!text) {
        return refuse(
            "First argument of split_to_array has to be a value that can be split to a list of elements, but "
            "found a PlaceHolder with no value instead");
    }
    const Value separator = bound[2].value_or(make_text(","));
    if (!text_of(separator) || text_of(separator)->empty()) {
        return raise(text_of(separator) ? "ValueError" : "TypeError", "empty separator");
    }
    Values items;
    for (const std::string_view part : split_text(*text, *text_of(separator), std::string_view::npos)) {
        items.push_back(make_text(std::string(strip_spaces(part))));
    }
    return evaluator.sequence(std::move(items));
}

Outcome<Value> enumerate_with_last(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"arr"}, 1));
    TRY_ASSIGN(const Values items, evaluator.iterate(*bound[0]));
    Values pairs;
    for (std::size_t i = 0; i < items.size(); ++i) {
        pairs.push_back(make_tuple({make_bool(i + 1 == items.size()), items[i]}));
    }
    return evaluator.sequence(std::move(pairs));
}

} // namespace

std::span<const FunctionEntry> array_functions() {
    static constexpr auto kEntries = std::to_array<FunctionEntry>({
        {"Array", array_parameter},
        {"split_to_array", split_to_array},
        {"enumerate_with_last", enumerate_with_last},
    });
    return kEntries;
}

} // namespace birdhouse::syntax
