#include "syntax/value.hpp"

#include "syntax/value_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace birdhouse::syntax {

Value make_bool(bool truth) { return {truth}; }

Value make_text(std::string text, TextKind kind) {
    return {TextValue{std::make_shared<const std::string>(std::move(text)), kind}};
}

Value make_integer(std::int64_t number, std::string_view type) {
    return {IntegerValue{{number, nullptr}, type}};
}

Value make_integer(Integer number, std::string_view type) { return {IntegerValue{std::move(number), type}}; }

Value make_float(double number, std::string_view type) { return {FloatValue{number, type}}; }

Value make_sequence(Values items, SequenceKind kind) {
    auto content = std::make_shared<Sequence>();
    for (const Value& item : items) {
        note_held(content->depth, item);
    }
    content->items = std::move(items);
    return {SequenceValue{std::move(content), kind}};
}

Value make_list(Values items) { return make_sequence(std::move(items), SequenceKind::List); }

Value make_tuple(Values items) { return make_sequence(std::move(items), SequenceKind::Tuple); }

Value make_dict(std::vector<std::pair<Value, Value>> entries) {
    auto content = std::make_shared<Mapping>();
    for (std::pair<Value, Value>& entry : entries) {
        set_entry(*content, entry.first, std::move(entry.second));
    }
    return {DictValue{std::move(content)}};
}

Value make_set(const Values& items) {
    auto content = std::make_shared<Mapping>();
    for (const Value& item : items) {
        set_entry(*content, item, {});
    }
    return {SetValue{std::move(content)}};
}

std::optional<Integer> read_integer(std::string_view digits) {
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) {
        digits.remove_prefix(1);
    }
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    std::string text = (negative ? "-" : "") + std::string(digits);
    std::int64_t small = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), small).ec == std::errc{}) {
        return Integer{small, nullptr};
    }
    return Integer{0, std::make_shared<const std::string>(std::move(text))};
}

std::string integer_text(const Integer& number) {
    return number.is_small() ? std::to_string(number.small) : *number.digits;
}

int compare(const Integer& left, const Integer& right) {
    if (left.is_small() && right.is_small()) {
        return left.small < right.small ? -1 : left.small > right.small ? 1 : 0;
    }
    const std::string a = integer_text(left);
    const std::string b = integer_text(right);
    const bool a_negative = a.starts_with('-');
    if (a_negative != b.starts_with('-')) {
        return a_negative ? -1 : 1;
    }
    const int by_size = a.size() != b.size() ? (a.size() < b.size() ? -1 : 1) : a.compare(b);
    return a_negative ? -by_size : by_size;
}

bool is_true(const Value& value) {
    struct Truth {
        bool operator()(NoneValue) const { return false; }
        bool operator()(bool truth) const { return truth; }
        bool operator()(const IntegerValue& integer) const {
            return !integer.number.is_small() || integer.number.small != 0;
        }
        bool operator()(const FloatValue& number) const { return number.number != 0; }
        bool operator()(const TextValue& text) const { return !text.view().empty(); }
        bool operator()(const SequenceValue& sequence) const { return !sequence.content->items.empty(); }
        bool operator()(const DictValue& dict) const { return !dict.content->entries.empty(); }
        bool operator()(const SetValue& set) const { return !set.content->entries.empty(); }
        bool operator()(const PlaceholderValue&) const { return true; }
        bool operator()(const FunctionValue&) const { return true; }
    };
    return std::visit(Truth{}, value.data);
}

std::string_view type_name(const Value& value) {
    struct Name {
        std::string_view operator()(NoneValue) const { return "NoneType"; }
        std::string_view operator()(bool) const { return "bool"; }
        std::string_view operator()(const IntegerValue& integer) const {
            return integer.type.empty() ? "int" : "Integer";
        }
        std::string_view operator()(const FloatValue& number) const {
            return number.type.empty() ? "float" : "Float";
        }
        std::string_view operator()(const TextValue& text) const {
            constexpr auto kNames = std::to_array<std::string_view>({"str", "Expression", "Symbol"});
            return kNames[static_cast<std::size_t>(text.kind)];
        }
        std::string_view operator()(const SequenceValue& sequence) const {
            constexpr auto kNames = std::to_array<std::string_view>({"list", "tuple", "view"});
            return kNames[static_cast<std::size_t>(sequence.kind)];
        }
        std::string_view operator()(const DictValue&) const { return "dict"; }
        std::string_view operator()(const SetValue&) const { return "set"; }
        std::string_view operator()(const PlaceholderValue&) const { return "Placeholder"; }
        std::string_view operator()(const FunctionValue& function) const {
            return function.kind == FunctionKind::Class ? "type" : "function";
        }
    };
    return std::visit(Name{}, value.data);
}

std::optional<std::string_view> text_of(const Value& value) {
    const auto* text = value.as<TextValue>();
    const bool readable = text != nullptr && text->kind != TextKind::Symbol;
    return readable ? std::optional(text->view()) : std::nullopt;
}

std::optional<Integer> integer_of(const Value& value) {
    if (const auto* truth = value.as<bool>()) {
        return Integer{*truth ? 1 : 0, nullptr};
    }
    const auto* integer = value.as<IntegerValue>();
    return integer == nullptr ? std::nullopt : std::optional(integer->number);
}

std::optional<double> number_of(const Value& value) {
    if (const auto* number = value.as<FloatValue>()) {
        return number->number;
    }
    const auto integer = integer_of(value);
    if (!integer) {
        return std::nullopt;
    }
    return integer->is_small() ? static_cast<double>(integer->small)
                               : std::strtod(integer->digits->c_str(), nullptr);
}

const Values* items_of(const Value& value) {
    const auto* sequence = value.as<SequenceValue>();
    return sequence == nullptr ? nullptr : &sequence->content->items;
}

std::optional<std::string> key_of(const Value& value) {
    if (const auto* text = value.as<TextValue>()) {
        return text->view().size() <= kLongestKey ? std::optional("t" + std::string(text->view()))
                                                  : std::nullopt;
    }
    if (const auto integer = integer_of(value)) {
        return "n" + integer_text(*integer);
    }
    if (const auto* number = value.as<FloatValue>()) {
        std::string digits = float_text(number->number);
        if (digits.ends_with(".0")) { // 2.0 is the key 2
            digits.resize(digits.size() - 2);
        }
        return "n" + (digits == "-0" ? "0" : digits);
    }
    if (const auto* sequence = value.as<SequenceValue>();
        sequence != nullptr && sequence->kind == SequenceKind::Tuple) {
        std::string key = "(";
        for (const Value& item : sequence->content->items) {
            const auto part = key_of(item);
            if (!part || key.size() + part->size() > kLongestKey) {
                return std::nullopt;
            }
            key += std::to_string(part->size()) + ":" + *part;
        }
        return key;
    }
    if (value.is_none()) {
        return "none";
    }
    if (const auto* function = value.as<FunctionValue>()) {
        return "f" + std::string(function->name);
    }
    return std::nullopt;
}

const Value* find_entry(const Mapping& mapping, const Value& key) {
    const auto text = key_of(key);
    const auto found = text ? mapping.index.find(*text) : mapping.index.end();
    return found == mapping.index.end() ? nullptr : &mapping.entries[found->second].second;
}

void set_entry(Mapping& mapping, const Value& key, Value value) {
    const auto text = key_of(key);
    if (!text) {
        return;
    }
    note_held(mapping.depth, key);
    note_held(mapping.depth, value);
    const auto [place, added] = mapping.index.try_emplace(*text, mapping.entries.size());
    if (added) {
        mapping.entries.emplace_back(key, std::move(value));
    } else {
        mapping.entries[place->second].second = std::move(value);
    }
}

unsigned depth_of(const Value& value) {
    if (const auto* sequence = value.as<SequenceValue>()) {
        return sequence->content->depth;
    }
    if (const auto* dict = value.as<DictValue>()) {
        return dict->content->depth;
    }
    const auto* set = value.as<SetValue>();
    return set == nullptr ? 0 : set->content->depth;
}

bool can_hold(unsigned depth, bool nested, const Value& item) {
    const unsigned below = depth_of(item);
    return below == 0 || (!nested && std::max(depth, below + 1) <= kDeepestContainer);
}

void note_held(unsigned& depth, const Value& item) {
    if (const auto* sequence = item.as<SequenceValue>()) {
        sequence->content->nested = true;
    } else if (const auto* dict = item.as<DictValue>()) {
        dict->content->nested = true;
    } else if (const auto* set = item.as<SetValue>()) {
        set->content->nested = true;
    }
    depth = std::max(depth, depth_of(item) + 1);
}

namespace {

bool equal_items(const Values& left, const Values& right, std::size_t& work) {
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(),
                      [&work](const Value& a, const Value& b) { return equal(a, b, work); });
}

bool equal_mappings(const Mapping& left, const Mapping& right, std::size_t& work) {
    return left.entries.size() == right.entries.size() &&
           std::all_of(left.entries.begin(), left.entries.end(), [&](const auto& entry) {
               const Value* other = find_entry(right, entry.first);
               return other != nullptr && equal(entry.second, *other, work);
           });
}

bool equal_numbers(const Value& left, const Value& right) {
    const auto a = integer_of(left);
    const auto b = integer_of(right);
    return a && b ? compare(*a, *b) == 0 : number_of(left) == number_of(right);
}

} // namespace

bool equal(const Value& left, const Value& right, std::size_t& work) {
    if (work == 0) {
        return false;
    }
    --work;
    if (left.as<PlaceholderValue>() != nullptr || right.as<PlaceholderValue>() != nullptr) {
        return false;
    }
    if (number_of(left) && number_of(right)) {
        return equal_numbers(left, right);
    }
    if (left.data.index() != right.data.index()) {
        return false;
    }
    if (const auto* text = left.as<TextValue>()) {
        work -= std::min(work, text->view().size() / 256);
        const auto* other = right.as<TextValue>();
        const bool symbols = text->kind == TextKind::Symbol || other->kind == TextKind::Symbol;
        return symbols ? text->bytes == other->bytes : text->view() == other->view();
    }
    if (const auto* sequence = left.as<SequenceValue>()) {
        const auto* other = right.as<SequenceValue>();
        return sequence->kind == other->kind &&
               equal_items(sequence->content->items, other->content->items, work);
    }
    if (const auto* dict = left.as<DictValue>()) {
        return equal_mappings(*dict->content, *right.as<DictValue>()->content, work);
    }
    if (const auto* set = left.as<SetValue>()) {
        return equal_mappings(*set->content, *right.as<SetValue>()->content, work);
    }
    const auto* function = left.as<FunctionValue>();
    return function == nullptr || function->name == right.as<FunctionValue>()->name;
}

namespace {

// Copies each container once, however often it is reached: a value that holds itself a million times over
// through shared parts stays as small as it was.
class Copier {
public:
    Value copy(const Value& value) {
        if (const auto* sequence = value.as<SequenceValue>()) {
            return {SequenceValue{sequence_of(sequence->content), sequence->kind}};
        }
        if (const auto* dict = value.as<DictValue>()) {
            return {DictValue{mapping_of(dict->content)}};
        }
        if (const auto* set = value.as<SetValue>()) {
            return {SetValue{mapping_of(set->content)}};
        }
        return value;
    }

private:
    std::shared_ptr<Sequence> sequence_of(const std::shared_ptr<Sequence>& original) {
        if (const auto copied = sequences_.find(original.get()); copied != sequences_.end()) {
            return copied->second;
        }
        auto made = std::make_shared<Sequence>();
        for (const Value& item : original->items) {
            made->items.push_back(copy(item));
            note_held(made->depth, made->items.back());
        }
        return sequences_[original.get()] = std::move(made);
    }

    std::shared_ptr<Mapping> mapping_of(const std::shared_ptr<Mapping>& original) {
        if (const auto copied = mappings_.find(original.get()); copied != mappings_.end()) {
            return copied->second;
        }
        auto made = std::make_shared<Mapping>();
        for (const auto& [key, value] : original->entries) {
            set_entry(*made, key, copy(value));
        }
        return mappings_[original.get()] = std::move(made);
    }

    std::unordered_map<const Sequence*, std::shared_ptr<Sequence>> sequences_;
    std::unordered_map<const Mapping*, std::shared_ptr<Mapping>> mappings_;
};

} // namespace

Value deep_copy(const Value& value) { return Copier().copy(value); }

} // namespace birdhouse::syntax
