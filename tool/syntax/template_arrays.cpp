// Array(x, 'Int32'), split_to_array(x), enumerate_with_last(x): parameters that hold several values.
#include "base/text.hpp"
#include "syntax/template_extraction.hpp"
#include "syntax/template_functions.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
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
    const auto* list = value.as<SequenceValue>();
    const Values* items = list != nullptr && list->kind == SequenceKind::List ? items_of(value) : nullptr;
    return items == nullptr ? Outcome<Values>(refuse("transform type function Array is not well defined"))
                            : *items;
}

Failure item_refused(const Value& value, std::size_t index, const std::string& item, std::string_view type) {
    return refuse("Error validating [" + str_of(value) + "][" + std::to_string(index) + "] (" +
                  (item.empty() ? "empty string" : item) + ") to type " + std::string(type));
}

// Numbers stand bare in an array and lose their type; texts, dates among them, are quoted.
Outcome<std::string> item_text(const Value& converted) {
    if (converted.is_none()) {
        return refuse("expression \"None\" evaluated to null");
    }
    if (const auto text = text_of(converted)) {
        return "'" + escape_text(*text) + "'";
    }
    if (const auto* name = converted.as<TextValue>()) {
        return std::string(name->view());
    }
    return repr_of(converted);
}

Outcome<Value> convert_item(const Value& value, std::size_t index, const Value& item, std::string_view type) {
    if (type == "Bool") { // a type that the service can check and cannot convert to
        constexpr auto kWords = std::to_array<std::string_view>({"0", "1", "false", "true"});
        const std::string word = to_lower_ascii(str_of(item));
        const bool fits = std::find(kWords.begin(), kWords.end(), word) != kWords.end();
        return fits ? raise("KeyError", "'Bool'") : item_refused(value, index, str_of(item), type);
    }
    if (!is_type_name(type)) { // Decimal, UUID, a type of the user's own: as it came
        return item;
    }
    const std::string text = str_of(item);
    // Int and Integer have no check of their own: the conversion refuses, in its own words.
    if (!fits_type(type, text)) {
        return item_refused(value, index, text, type);
    }
    return convert_to_type(type, item);
}

} // namespace

Outcome<std::string> array_text(const Value& value, std::string_view item_type) {
    TRY_ASSIGN(const Values items, array_items(value));
    std::string out = "[";
    for (std::size_t i = 0; i < items.size(); ++i) {
        TRY_ASSIGN(const Value item, convert_item(value, i, items[i], item_type));
        TRY_ASSIGN(const std::string shown, item_text(item));
        out += (i == 0 ? "" : ",") + shown;
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
    TRY_ASSIGN(const std::string item, item_text(placeholder_of_type(item_type)));
    return evaluator.text(typed ? "[" + item + "," + item + "]" : "['']", TextKind::Raw);
}

bool is_container(const Value& value) {
    const auto* sequence = value.as<SequenceValue>();
    return value.as<DictValue>() != nullptr || value.as<SetValue>() != nullptr ||
           (sequence != nullptr && sequence->kind == SequenceKind::List);
}

Outcome<Value> array_parameter(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(
        const Bound bound,
        bind(given,
             {"x", "type", "default", "defined", "required", "description", "enum", "example", "format"}, 1));
    const Value& value = *bound[0];
    const std::string type = bound[1] && text_of(*bound[1]) ? std::string(*text_of(*bound[1])) : "";
    const Value fallback = value_or_none(bound[2]);
    const bool placeholder = value.as<PlaceholderValue>() != nullptr;
    const Value& chosen = placeholder       ? (is_true(fallback) ? fallback : value)
                          : value.is_none() ? fallback
                                            : value;
    if (!chosen.is_none()) {
        if (bound[1] && is_container(*bound[1]) && (text_of(chosen) || items_of(chosen) != nullptr)) {
            return unhashable(*bound[1]); // the service looks the type up in a dict
        }
        return chosen.as<PlaceholderValue>() != nullptr ? array_placeholder(evaluator, type)
                                                        : convert_array(evaluator, chosen, type);
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
    if (bound[0]->as<PlaceholderValue>() != nullptr) {
        return raise("TypeError", "object of type 'Placeholder' has no len()");
    }
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
