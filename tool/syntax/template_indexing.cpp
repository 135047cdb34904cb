// Subscripts and slices: by position in sequences and texts, where a position is a character, by key in
// dicts.
#include "syntax/template_operators.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>

namespace birdhouse::syntax {

namespace {

// The place of `index` among `size` items, counted from the end when it is negative.
std::optional<std::size_t> position(const Integer& index, std::size_t size) {
    const auto count = static_cast<std::int64_t>(size);
    const std::int64_t at = index.small < 0 ? index.small + count : index.small;
    return index.is_small() && at >= 0 && at < count ? std::optional(static_cast<std::size_t>(at))
                                                     : std::nullopt;
}

Outcome<Value> item_of_mapping(const Mapping& mapping, const Value& key) {
    if (!key_of(key)) {
        return unhashable(key);
    }
    const Value* found = find_entry(mapping, key);
    return found == nullptr ? Outcome<Value>(raise("KeyError", repr_of(key))) : *found;
}

Outcome<Value> item_of_placeholder(const Value& placeholder, const Value& index) {
    const auto number = integer_of(index);
    if (!number) { // a key: there is nothing to look it up in
        return placeholder;
    }
    if (!position(*number, 3)) {
        return raise("IndexError", "list index out of range");
    }
    return placeholder;
}

Outcome<Value> character(Evaluator& evaluator, std::string_view text, const Integer& index) {
    TRY(evaluator.spend(text.size() / 256));
    const auto at = position(index, count_characters(text));
    if (!at) {
        return raise("IndexError", "string index out of range");
    }
    const std::size_t begin = offset_of_character(text, *at);
    std::size_t end = begin;
    next_code_point(text, end);
    return evaluator.text(std::string(text.substr(begin, end - begin)));
}

struct SliceRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t step = 1;
};

Outcome<std::int64_t> slice_bound(const Value& value, std::int64_t missing) {
    if (value.is_none()) {
        return missing;
    }
    const auto number = integer_of(value);
    if (!number || !number->is_small()) {
        return raise("TypeError", "slice indices must be integers or None or have an __index__ method");
    }
    return number->small;
}

// Python's clamping: bounds past the ends are moved to them.
Outcome<SliceRange> slice_range(std::size_t size, const Value& lower, const Value& upper, const Value& step) {
    constexpr std::int64_t kFar = std::int64_t{1} << 40;
    const auto count = static_cast<std::int64_t>(size);
    SliceRange range;
    TRY_ASSIGN(range.step, slice_bound(step, 1));
    if (range.step == 0) {
        return raise("ValueError", "slice step cannot be zero");
    }
    range.step = std::clamp(range.step, -kFar, kFar);
    const bool down = range.step < 0;
    TRY_ASSIGN(const std::int64_t first, slice_bound(lower, down ? kFar : 0));
    TRY_ASSIGN(const std::int64_t last, slice_bound(upper, down ? -kFar : kFar));
    const auto clamp = [&](std::int64_t bound) {
        bound = std::clamp(bound, -kFar, kFar);
        const std::int64_t from_start = bound < 0 && bound != -kFar ? bound + count : bound;
        return std::clamp<std::int64_t>(from_start, down ? -1 : 0, down ? count - 1 : count);
    };
    range.begin = clamp(first);
    range.end = clamp(last);
    return range;
}

Outcome<Value> slice_text(Evaluator& evaluator, std::string_view text, const SliceRange& range) {
    TRY(evaluator.spend(text.size() / 16 + 1));
    std::vector<std::size_t> starts;
    for (std::size_t at = 0; at < text.size(); next_code_point(text, at)) {
        starts.push_back(at);
    }
    starts.push_back(text.size());
    std::string out;
    for (std::int64_t i = range.begin; range.step > 0 ? i < range.end : i > range.end; i += range.step) {
        const auto at = static_cast<std::size_t>(i);
        out += text.substr(starts[at], starts[at + 1] - starts[at]);
    }
    return evaluator.text(std::move(out));
}

} // namespace

Outcome<Value> apply_index(Evaluator& evaluator, const Value& value, const Value& index) {
    if (value.as<PlaceholderValue>() != nullptr) {
        return item_of_placeholder(value, index);
    }
    if (const auto* dict = value.as<DictValue>()) {
        return item_of_mapping(*dict->content, index);
    }
    const auto text = text_of(value);
    const Values* items = items_of(value);
    if (!text && items == nullptr) {
        return raise("TypeError", "'" + std::string(type_name(value)) + "' object is not subscriptable");
    }
    const auto number = integer_of(index);
    if (!number) {
        const std::string kind = text ? "string" : std::string(type_name(value));
        return raise("TypeError", kind + " indices must be integers" + (text ? "" : " or slices") + ", not " +
                                      (text ? "'" : "") + std::string(type_name(index)) + (text ? "'" : ""));
    }
    if (text) {
        return character(evaluator, *text, *number);
    }
    const auto at = position(*number, items->size());
    if (!at) {
        return raise("IndexError", std::string(type_name(value)) + " index out of range");
    }
    return (*items)[*at];
}

Outcome<Value> apply_slice(Evaluator& evaluator, const Value& value, const Value& lower, const Value& upper,
                           const Value& step) {
    if (const auto text = text_of(value)) {
        TRY_ASSIGN(const SliceRange range, slice_range(count_characters(*text), lower, upper, step));
        return slice_text(evaluator, *text, range);
    }
    const auto* sequence = value.as<SequenceValue>();
    if (sequence == nullptr) {
        return raise("TypeError", "'" + std::string(type_name(value)) + "' object is not subscriptable");
    }
    const Values& items = sequence->content->items;
    TRY_ASSIGN(const SliceRange range, slice_range(items.size(), lower, upper, step));
    Values chosen;
    for (std::int64_t i = range.begin; range.step > 0 ? i < range.end : i > range.end; i += range.step) {
        chosen.push_back(items[static_cast<std::size_t>(i)]);
    }
    TRY(evaluator.spend(chosen.size()));
    return evaluator.sequence(std::move(chosen), sequence->kind);
}

} // namespace birdhouse::syntax
