// Methods of lists, dicts and placeholders; which methods Python has at all.
#include "syntax/template_functions.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

constexpr auto kTextMethods = std::to_array<std::string_view>({
    "capitalize", "casefold",     "center",       "count",   "encode",     "endswith",    "expandtabs",
    "find",       "format",       "format_map",   "index",   "isalnum",    "isalpha",     "isascii",
    "isdecimal",  "isdigit",      "isidentifier", "islower", "isnumeric",  "isprintable", "isspace",
    "istitle",    "isupper",      "join",         "ljust",   "lower",      "lstrip",      "maketrans",
    "partition",  "removeprefix", "removesuffix", "replace", "rfind",      "rindex",      "rjust",
    "rpartition", "rsplit",       "rstrip",       "split",   "splitlines", "startswith",  "strip",
    "swapcase",   "title",        "translate",    "upper",   "zfill",
});
constexpr auto kListMethods = std::to_array<std::string_view>(
    {"append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"});
constexpr auto kTupleMethods = std::to_array<std::string_view>({"count", "index"});
constexpr auto kDictMethods =
    std::to_array<std::string_view>({"clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem",
                                     "setdefault", "update", "values"});
constexpr auto kSetMethods = std::to_array<std::string_view>(
    {"add", "clear", "copy", "difference", "discard", "intersection", "isdisjoint", "issubset", "issuperset",
     "pop", "remove", "symmetric_difference", "union", "update"});
constexpr auto kIntegerMethods =
    std::to_array<std::string_view>({"as_integer_ratio", "bit_count", "bit_length", "conjugate",
                                     "denominator", "imag", "numerator", "real", "to_bytes"});
constexpr auto kFloatMethods =
    std::to_array<std::string_view>({"as_integer_ratio", "conjugate", "hex", "imag", "is_integer", "real"});
constexpr auto kPlaceholderMethods = std::to_array<std::string_view>({"split", "startswith"});

std::span<const std::string_view> methods_of(const Value& value) {
    if (const auto* sequence = value.as<SequenceValue>()) {
        return sequence->kind == SequenceKind::List ? std::span<const std::string_view>(kListMethods)
                                                    : kTupleMethods;
    }
    if (value.as<IntegerValue>() != nullptr || value.as<bool>() != nullptr) {
        return kIntegerMethods;
    }
    if (text_of(value)) {
        return kTextMethods;
    }
    if (value.as<DictValue>() != nullptr) {
        return kDictMethods;
    }
    if (value.as<SetValue>() != nullptr) {
        return kSetMethods;
    }
    if (value.as<FloatValue>() != nullptr) {
        return kFloatMethods;
    }
    return value.as<PlaceholderValue>() != nullptr ? std::span<const std::string_view>(kPlaceholderMethods)
                                                   : std::span<const std::string_view>();
}

} // namespace

Failure no_attribute(const Value& receiver, std::string_view name) {
    const auto* function = receiver.as<FunctionValue>();
    const bool is_class = function != nullptr && function->kind == FunctionKind::Class;
    const std::string whose = is_class ? "type object '" + std::string(function->name) + "'"
                                       : "'" + std::string(type_name(receiver)) + "' object";
    return raise("AttributeError", whose + " has no attribute '" + std::string(name) + "'");
}

bool is_python_method(const Value& receiver, std::string_view name) {
    const auto methods = methods_of(receiver);
    return std::find(methods.begin(), methods.end(), name) != methods.end();
}

namespace {

Failure method_unsupported(const Value& receiver, std::string_view name) {
    return unsupported("the method `" + std::string(name) + "` of a " + std::string(type_name(receiver)));
}

Outcome<void> hold(Sequence& list, const Value& item) {
    const auto* inner = item.as<SequenceValue>();
    const bool itself = inner != nullptr && inner->content.get() == &list;
    if (itself || !can_hold(list.depth, list.nested, item)) {
        return unsupported("a list or dict put into a list that is itself inside of another");
    }
    note_held(list.depth, item);
    list.items.push_back(item);
    return {};
}

Outcome<Value> extend(Evaluator& evaluator, Sequence& list, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable"}, 1));
    TRY_ASSIGN(const Values items, evaluator.iterate(*bound[0]));
    for (const Value& item : items) {
        TRY(hold(list, item));
    }
    return Value{};
}

Outcome<Value> position_of(Evaluator& evaluator, const Values& items, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"value"}, 1));
    for (std::size_t i = 0; i < items.size(); ++i) {
        TRY_ASSIGN(const bool same, evaluator.same(items[i], *bound[0]));
        if (same) {
            return make_integer(static_cast<std::int64_t>(i));
        }
    }
    return raise("ValueError", repr_of(*bound[0]) + " is not in list");
}

Outcome<Value> count_of(Evaluator& evaluator, const Values& items, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"value"}, 1));
    std::int64_t found = 0;
    for (const Value& item : items) {
        TRY_ASSIGN(const bool same, evaluator.same(item, *bound[0]));
        found += same ? 1 : 0;
    }
    return make_integer(found);
}

Outcome<Value> call_sequence_method(Evaluator& evaluator, const Value& receiver, const Arguments& given) {
    Sequence& list = *receiver.as<SequenceValue>()->content;
    if (given.function == "append") {
        TRY_ASSIGN(const Bound bound, bind(given, {"object"}, 1));
        TRY(hold(list, *bound[0]));
        return Value{};
    }
    if (given.function == "extend") {
        return extend(evaluator, list, given);
    }
    if (given.function == "index") {
        return position_of(evaluator, list.items, given);
    }
    return given.function == "count" ? count_of(evaluator, list.items, given)
                                     : method_unsupported(receiver, given.function);
}

Outcome<Value> get(const Mapping& mapping, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"key", "default"}, 1));
    if (!key_of(*bound[0])) {
        return unhashable(*bound[0]);
    }
    const Value* found = find_entry(mapping, *bound[0]);
    return found == nullptr ? value_or_none(bound[1]) : *found;
}

Outcome<Value> call_dict_method(Evaluator& evaluator, const Value& receiver, const Arguments& given) {
    const Mapping& mapping = *receiver.as<DictValue>()->content;
    if (given.function == "get") {
        return get(mapping, given);
    }
    const bool keys = given.function == "keys" || given.function == "items";
    const bool values = given.function == "values" || given.function == "items";
    if (!keys && !values) {
        return method_unsupported(receiver, given.function);
    }
    TRY(bind(given, {}, 0));
    Values items;
    for (const auto& [key, value] : mapping.entries) {
        items.push_back(keys && values ? make_tuple({key, value}) : keys ? key : value);
    }
    return evaluator.sequence(std::move(items), SequenceKind::View);
}

} // namespace

Outcome<Value> call_container_method(Evaluator& evaluator, const Value& receiver,
                                     const Arguments& arguments) {
    if (receiver.as<SequenceValue>() != nullptr) {
        return call_sequence_method(evaluator, receiver, arguments);
    }
    if (receiver.as<DictValue>() != nullptr) {
        return call_dict_method(evaluator, receiver, arguments);
    }
    if (receiver.as<PlaceholderValue>() != nullptr) {
        return arguments.function == "split" ? evaluator.sequence({receiver, receiver}) : make_bool(false);
    }
    return method_unsupported(receiver, arguments.function);
}

} // namespace birdhouse::syntax
