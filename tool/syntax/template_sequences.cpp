// Python's builtins over several values: range, zip, sorted, min, sum and the containers themselves.
#include "syntax/template_functions.hpp"
#include "syntax/template_operators.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

Outcome<std::int64_t> small_integer(const Value& value) {
    const auto number = integer_of(value);
    if (!number || !number->is_small()) {
        return raise("TypeError",
                     "'" + std::string(type_name(value)) + "' object cannot be interpreted as an integer");
    }
    return number->small;
}

Outcome<Values> optional_items(Evaluator& evaluator, const std::optional<Value>& value) {
    return value ? evaluator.iterate(*value) : Outcome<Values>(Values{});
}

Outcome<Value> list_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable"}, 0));
    TRY_ASSIGN(Values items, optional_items(evaluator, bound[0]));
    return evaluator.sequence(std::move(items));
}

Outcome<Value> tuple_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable"}, 0));
    TRY_ASSIGN(Values items, optional_items(evaluator, bound[0]));
    return evaluator.sequence(std::move(items), SequenceKind::Tuple);
}

Outcome<Value> set_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable"}, 0));
    TRY_ASSIGN(const Values items, optional_items(evaluator, bound[0]));
    for (const Value& item : items) {
        if (!key_of(item)) {
            return unhashable(item);
        }
    }
    return make_set(items);
}

Outcome<std::pair<Value, Value>> pair_of(Evaluator& evaluator, const Value& item) {
    TRY_ASSIGN(const Values parts, evaluator.iterate(item));
    if (parts.size() != 2) {
        return raise("ValueError", "dictionary update sequence element has length " +
                                       std::to_string(parts.size()) + "; 2 is required");
    }
    if (!key_of(parts[0])) {
        return unhashable(parts[0]);
    }
    return std::pair(parts[0], parts[1]);
}

// dict(a=1), dict(other), dict([(key, value)])
Outcome<Value> dict_function(Evaluator& evaluator, const Arguments& given) {
    std::vector<std::pair<Value, Value>> entries;
    if (given.positional.size() > 1) {
        return raise("TypeError",
                     "dict expected at most 1 argument, got " + std::to_string(given.positional.size()));
    }
    const auto* other = given.positional.empty() ? nullptr : given.positional[0].as<DictValue>();
    if (other != nullptr) {
        entries = other->content->entries;
    } else if (!given.positional.empty()) {
        TRY_ASSIGN(const Values items, evaluator.iterate(given.positional[0]));
        for (const Value& item : items) {
            TRY_ASSIGN(auto entry, pair_of(evaluator, item));
            entries.push_back(std::move(entry));
        }
    }
    for (const auto& [name, value] : given.keywords) {
        entries.emplace_back(make_text(std::string(name)), value);
    }
    TRY(evaluator.spend(entries.size()));
    Value made = make_dict(std::move(entries));
    return depth_of(made) > kDeepestContainer
               ? Outcome<Value>(over_limit("dicts are nested more than 100 deep"))
               : made;
}

Outcome<Value> range_function(Evaluator& evaluator, const Arguments& given) {
    const Values& bounds = given.positional;
    if (bounds.empty() || bounds.size() > 3 || !given.keywords.empty()) {
        return raise("TypeError", "range expected 1 to 3 arguments, got " + std::to_string(bounds.size()));
    }
    TRY_ASSIGN(const std::int64_t first, small_integer(bounds[0]));
    TRY_ASSIGN(const std::int64_t second,
               bounds.size() > 1 ? small_integer(bounds[1]) : Outcome<std::int64_t>(first));
    TRY_ASSIGN(const std::int64_t step,
               bounds.size() > 2 ? small_integer(bounds[2]) : Outcome<std::int64_t>(1));
    if (step == 0) {
        return raise("ValueError", "range() arg 3 must not be zero");
    }
    const std::int64_t start = bounds.size() > 1 ? first : 0;
    Values numbers;
    for (std::int64_t at = start; step > 0 ? at < second : at > second;) {
        TRY(evaluator.spend(1));
        numbers.push_back(make_integer(at));
        if (__builtin_add_overflow(at, step, &at)) {
            break;
        }
    }
    return evaluator.sequence(std::move(numbers), SequenceKind::View);
}

Outcome<Value> enumerate_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable", "start"}, 1));
    TRY_ASSIGN(const Values items, evaluator.iterate(*bound[0]));
    TRY_ASSIGN(std::int64_t number, small_integer(bound[1].value_or(make_integer(0))));
    Values pairs;
    for (const Value& item : items) {
        pairs.push_back(make_tuple({make_integer(number), item}));
        if (__builtin_add_overflow(number, 1, &number)) {
            return unsupported("a number past 64 bits in a computation");
        }
    }
    return evaluator.sequence(std::move(pairs), SequenceKind::View);
}

Outcome<Value> zip_function(Evaluator& evaluator, const Arguments& given) {
    if (!given.keywords.empty()) {
        return unsupported("zip() with keywords");
    }
    std::vector<Values> columns;
    std::size_t shortest = given.positional.empty() ? 0 : std::string_view::npos;
    for (const Value& value : given.positional) {
        TRY_ASSIGN(Values items, evaluator.iterate(value));
        shortest = std::min(shortest, items.size());
        columns.push_back(std::move(items));
    }
    Values rows;
    for (std::size_t i = 0; i < shortest; ++i) {
        Values row;
        for (const Values& column : columns) {
            row.push_back(column[i]);
        }
        rows.push_back(make_tuple(std::move(row)));
    }
    return evaluator.sequence(std::move(rows), SequenceKind::View);
}

// std::sort needs an order that cannot fail: the first failure is kept and everything after it is "equal".
Outcome<Values> sorted_items(Evaluator& evaluator, Values items) {
    Failure failure;
    std::stable_sort(items.begin(), items.end(), [&](const Value& left, const Value& right) {
        if (failure != nullptr) {
            return false;
        }
        auto order = order_of(evaluator, Operator::Less, left, right);
        if (!order) {
            failure = std::move(order).error();
            return false;
        }
        return *order < 0;
    });
    return failure != nullptr ? Outcome<Values>(std::move(failure)) : Outcome<Values>(std::move(items));
}

Outcome<Value> sorted_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable", "key", "reverse"}, 1));
    if (bound[1] && !bound[1]->is_none()) {
        return unsupported("sorted() with a key");
    }
    TRY_ASSIGN(Values items, evaluator.iterate(*bound[0]));
    const bool downwards = bound[2] && is_true(*bound[2]);
    if (downwards) { // twice reversed, so that equal items keep their order
        std::reverse(items.begin(), items.end());
    }
    TRY_ASSIGN(Values ordered, sorted_items(evaluator, std::move(items)));
    if (downwards) {
        std::reverse(ordered.begin(), ordered.end());
    }
    return evaluator.sequence(std::move(ordered));
}

Outcome<Value> reversed_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"sequence"}, 1));
    if (bound[0]->as<SetValue>() != nullptr) {
        return raise("TypeError", "'set' object is not reversible");
    }
    TRY_ASSIGN(Values items, evaluator.iterate(*bound[0]));
    std::reverse(items.begin(), items.end());
    return evaluator.sequence(std::move(items), SequenceKind::View);
}

// min() and max() give back one of their arguments, with its kind.
Outcome<Value> extreme(Evaluator& evaluator, const Arguments& given, Operator wins) {
    Value fallback;
    bool has_fallback = false;
    for (const auto& [name, value] : given.keywords) {
        if (name != "default") {
            return unsupported(std::string(given.function) + "() with `" + std::string(name) + "`");
        }
        fallback = value;
        has_fallback = true;
    }
    if (given.positional.empty()) {
        return raise("TypeError", std::string(given.function) + " expected at least 1 argument, got 0");
    }
    Values items = given.positional;
    if (items.size() == 1) {
        TRY_ASSIGN(items, evaluator.iterate(given.positional[0]));
    }
    if (items.empty()) {
        return has_fallback ? Outcome<Value>(fallback)
                            : Outcome<Value>(raise("ValueError", std::string(given.function) +
                                                                     "() arg is an empty sequence"));
    }
    Value best = items.front();
    for (std::size_t i = 1; i < items.size(); ++i) {
        TRY_ASSIGN(const bool better, apply_comparison(evaluator, wins, items[i], best));
        best = better ? items[i] : best;
    }
    return best;
}

Outcome<Value> min_function(Evaluator& evaluator, const Arguments& given) {
    return extreme(evaluator, given, Operator::Less);
}

Outcome<Value> max_function(Evaluator& evaluator, const Arguments& given) {
    return extreme(evaluator, given, Operator::Greater);
}

Outcome<Value> sum_function(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable", "start"}, 1));
    TRY_ASSIGN(const Values items, evaluator.iterate(*bound[0]));
    Value total = bound[1].value_or(make_integer(0));
    if (text_of(total)) {
        return raise("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
    }
    for (const Value& item : items) {
        TRY_ASSIGN(total, apply_binary(evaluator, Operator::Add, total, item));
    }
    return total;
}

Outcome<Value> truth_of_items(Evaluator& evaluator, const Arguments& given, bool wanted) {
    TRY_ASSIGN(const Bound bound, bind(given, {"iterable"}, 1));
    TRY_ASSIGN(const Values items, evaluator.iterate(*bound[0]));
    const bool found = std::any_of(items.begin(), items.end(),
                                   [wanted](const Value& item) { return is_true(item) == wanted; });
    return make_bool(found == wanted);
}

Outcome<Value> any_function(Evaluator& evaluator, const Arguments& given) {
    return truth_of_items(evaluator, given, true);
}

Outcome<Value> all_function(Evaluator& evaluator, const Arguments& given) {
    return truth_of_items(evaluator, given, false);
}

} // namespace

std::span<const FunctionEntry> sequence_functions() {
    static constexpr auto kEntries = std::to_array<FunctionEntry>({
        {"list", list_function, FunctionKind::Class},
        {"tuple", tuple_function, FunctionKind::Class},
        {"set", set_function, FunctionKind::Class},
        {"dict", dict_function, FunctionKind::Class},
        {"range", range_function, FunctionKind::Class},
        {"enumerate", enumerate_function, FunctionKind::Class},
        {"zip", zip_function, FunctionKind::Class},
        {"reversed", reversed_function, FunctionKind::Class},
        {"sorted", sorted_function, FunctionKind::Builtin},
        {"min", min_function, FunctionKind::Builtin},
        {"max", max_function, FunctionKind::Builtin},
        {"sum", sum_function, FunctionKind::Builtin},
        {"any", any_function, FunctionKind::Builtin},
        {"all", all_function, FunctionKind::Builtin},
    });
    return kEntries;
}

} // namespace birdhouse::syntax
