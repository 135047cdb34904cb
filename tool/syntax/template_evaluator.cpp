#include "syntax/template_evaluator.hpp"

#include "base/text.hpp"
#include "syntax/template_functions.hpp"
#include "syntax/template_operators.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>

namespace birdhouse::syntax {

namespace {

// Functions of Python that the service takes away: their names are never a placeholder.
bool is_closed_builtin(std::string_view name) {
    return name == "close" || name == "input" || name == "open" || name == "print";
}

bool is_absent(const Value& value) { return value.is_none() || value.as<PlaceholderValue>() != nullptr; }

} // namespace

Evaluator::Evaluator(const Template& tree, const RenderInput& input, Parameters parameters, Rendered& out)
    : tree_(tree), input_(input), parameters_(std::move(parameters)), out_(out), locals_(tree.names.size()),
      globals_(tree.names.size()), steps_left_(input.most_steps) {}

Outcome<void> Evaluator::spend(std::size_t steps) {
    if (steps >= steps_left_) {
        steps_left_ = 0;
        return over_limit("the template takes more than " + counted(input_.most_steps, "step"));
    }
    steps_left_ -= steps;
    return {};
}

Outcome<Value> Evaluator::text(std::string content, TextKind kind) {
    if (content.size() > kLongestText) {
        return over_limit("a text is longer than 16 MiB");
    }
    TRY(spend(content.size() / 256));
    return make_text(std::move(content), kind);
}

Outcome<Value> Evaluator::sequence(Values items, SequenceKind kind) {
    TRY(spend(items.size()));
    Value made = make_sequence(std::move(items), kind);
    if (depth_of(made) > kDeepestContainer) {
        return over_limit("lists are nested more than 100 deep");
    }
    return made;
}

Outcome<Values> Evaluator::iterate(const Value& value) {
    Values items;
    if (const Values* known = items_of(value)) {
        items = *known;
    } else if (const auto text = text_of(value)) {
        TRY(spend(text->size()));
        for (std::size_t at = 0; at < text->size();) {
            const std::size_t begin = at;
            next_code_point(*text, at);
            items.push_back(make_text(std::string(text->substr(begin, at - begin))));
        }
    } else if (value.as<PlaceholderValue>() != nullptr) {
        items.assign(3, value);
    } else if (value.as<DictValue>() != nullptr || value.as<SetValue>() != nullptr) {
        const auto* dict = value.as<DictValue>();
        for (const auto& entry : (dict != nullptr ? dict->content : value.as<SetValue>()->content)->entries) {
            items.push_back(entry.first);
        }
    } else {
        return raise("TypeError", "'" + std::string(type_name(value)) + "' object is not iterable");
    }
    TRY(spend(items.size()));
    return items;
}

Outcome<bool> Evaluator::same(const Value& left, const Value& right) {
    const bool answer = equal(left, right, steps_left_);
    TRY(spend(1));
    return answer;
}

Outcome<Value> Evaluator::evaluate(const Expression& node) {
    TRY(spend(1));
    Outcome<Value> result = dispatch(node);
    if (!result && result.error()->end == 0) { // the innermost expression is the place of the failure
        result.error()->begin = node.begin;
        result.error()->end = node.end;
    }
    return result;
}

Outcome<Value> Evaluator::dispatch(const Expression& node) {
    switch (node.kind) {
    case ExpressionKind::Name:
        return name(node);
    case ExpressionKind::Constant:
        return node.constant;
    case ExpressionKind::FormattedText:
    case ExpressionKind::FormattedPart:
        return formatted(node);
    case ExpressionKind::Unary:
        return unary(node);
    case ExpressionKind::Binary: {
        TRY_ASSIGN(const Value left, evaluate(node.children[0]));
        TRY_ASSIGN(const Value right, evaluate(node.children[1]));
        return apply_binary(*this, node.operation, left, right);
    }
    case ExpressionKind::Logical:
        return logical(node);
    case ExpressionKind::Compare:
        return comparison(node);
    case ExpressionKind::Conditional: {
        TRY_ASSIGN(const Value test, evaluate(node.children[0]));
        return evaluate(node.children[is_true(test) ? 1 : 2]);
    }
    case ExpressionKind::Call:
        return call(node);
    case ExpressionKind::Attribute: {
        TRY_ASSIGN(const Value value, evaluate(node.children[0]));
        return is_python_method(value, node.name) ? unsupported("a method that is not called")
                                                  : no_attribute(value, node.name);
    }
    case ExpressionKind::Subscript:
        return subscript(node);
    case ExpressionKind::List:
    case ExpressionKind::Tuple:
    case ExpressionKind::Set:
        return collection(node);
    case ExpressionKind::Dict:
        return dict(node);
    case ExpressionKind::Comprehension:
        return comprehension(node);
    default:
        return Value{}; // Nothing: the bound of a slice that is not there
    }
}

Outcome<Value> Evaluator::name(const Expression& node) {
    if (tree_.assigned[node.slot]) {
        const auto& local = locals_[node.slot];
        if (local) {
            return *local;
        }
        auto unbound = raise("UnboundLocalError", "cannot access local variable '" + std::string(node.name) +
                                                      "' where it is not associated with a value");
        unbound->name = node.name;
        return unbound;
    }
    if (!globals_[node.slot]) {
        TRY_ASSIGN(globals_[node.slot], global(node.name, false));
        if (is_query() && !tree_.declared[node.slot] && is_absent(*globals_[node.slot])) {
            auto unknown = raise("NameError", "name '" + std::string(node.name) + "' is not defined");
            unknown->name = node.name;
            return unknown;
        }
    }
    return *globals_[node.slot];
}

// In queries the service's functions hide parameters, parameters hide Python's builtins, and whatever is left
// is a parameter that was not given. In generation templates a name that is called is a function whenever it
// can be.
Outcome<Value> Evaluator::global(std::string_view name, bool called) {
    const FunctionEntry* known = find_template_function(name, tree_.dialect);
    const auto given = parameters_.find(name);
    const bool hides = is_query() ? name != "symbol" : called;
    if (known != nullptr && (hides || given == parameters_.end())) {
        return Value{FunctionValue{known->name, known->kind}};
    }
    if (given != parameters_.end()) {
        return given->second;
    }
    if (!is_query()) {
        auto unknown = raise("NameError", "the name `" + std::string(name) + "` is not known here");
        unknown->name = name;
        return unknown;
    }
    if (const auto builtin = builtin_value(name)) {
        return *builtin;
    }
    return test_mode() && !is_closed_builtin(name) ? Value{PlaceholderValue{name}} : Value{};
}

Outcome<Value> Evaluator::unary(const Expression& node) {
    TRY_ASSIGN(const Value operand, evaluate(node.children[0]));
    return apply_unary(node.operation, operand);
}

Outcome<Value> Evaluator::logical(const Expression& node) {
    Value last;
    for (const Expression& child : node.children) {
        TRY_ASSIGN(last, evaluate(child));
        if (is_true(last) == (node.operation == Operator::Or)) {
            break;
        }
    }
    return last;
}

// `a < b < c` compares neighbours and stops at the first that does not hold.
Outcome<Value> Evaluator::comparison(const Expression& node) {
    TRY_ASSIGN(Value left, evaluate(node.children[0]));
    for (std::size_t i = 0; i < node.operators.size(); ++i) {
        TRY_ASSIGN(Value right, evaluate(node.children[i + 1]));
        TRY_ASSIGN(const bool holds, apply_comparison(*this, node.operators[i], left, right));
        if (!holds) {
            return make_bool(false);
        }
        left = std::move(right);
    }
    return make_bool(true);
}

Outcome<Arguments> Evaluator::arguments(const Expression& node) {
    Arguments given;
    const Expression& callee = node.children.front();
    given.function =
        callee.kind == ExpressionKind::Name || callee.kind == ExpressionKind::Attribute ? callee.name : "f";
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        const Expression& child = node.children[i];
        const bool keyword = child.kind == ExpressionKind::Keyword;
        TRY_ASSIGN(Value value, evaluate(keyword ? child.children.front() : child));
        TRY(spend(text_of(value).value_or("").size() / 256)); // what is called will read it, and perhaps fail
        if (keyword) {
            given.keywords.emplace_back(child.name, std::move(value));
        } else {
            given.positional.push_back(std::move(value));
        }
    }
    return given;
}

Outcome<Value> Evaluator::call(const Expression& node) {
    const Expression& callee = node.children.front();
    if (callee.kind == ExpressionKind::Attribute) {
        TRY_ASSIGN(const Value receiver, evaluate(callee.children.front()));
        TRY(spend(text_of(receiver).value_or("").size() / 256));
        if (text_of(receiver) || is_python_method(receiver, callee.name)) {
            TRY_ASSIGN(Arguments given, arguments(node));
            given.native = true;
            return text_of(receiver) ? call_text_method(*this, receiver, given)
                                     : call_container_method(*this, receiver, given);
        }
        return no_attribute(receiver, callee.name);
    }
    const bool named = callee.kind == ExpressionKind::Name && !tree_.assigned[callee.slot] && !is_query();
    TRY_ASSIGN(const Value function, named ? global(callee.name, true) : evaluate(callee));
    TRY_ASSIGN(const Arguments given, arguments(node));
    if (const auto* known = function.as<FunctionValue>()) {
        return call_function(*known, given);
    }
    if (function.as<PlaceholderValue>() != nullptr) {
        return refuse("'" + std::string(given.function) + "' is not a valid function, line " +
                      std::to_string(line_));
    }
    return raise("TypeError", "'" + std::string(type_name(function)) + "' object is not callable");
}

Outcome<Value> Evaluator::call_function(const FunctionValue& function, const Arguments& given) {
    const FunctionEntry* entry = find_template_function(function.name, tree_.dialect);
    if (entry != nullptr) {
        return entry->body(*this, given);
    }
    entry = find_builtin_function(function.name);
    if (entry == nullptr) {
        return unsupported("the function `" + std::string(function.name) + "`");
    }
    Arguments native = given;
    native.native = true;
    return entry->body(*this, native);
}

Outcome<Value> Evaluator::subscript(const Expression& node) {
    TRY_ASSIGN(const Value value, evaluate(node.children[0]));
    const Expression& index = node.children[1];
    if (index.kind != ExpressionKind::Slice) {
        TRY_ASSIGN(const Value key, evaluate(index));
        return apply_index(*this, value, key);
    }
    TRY_ASSIGN(const Value lower, evaluate(index.children[0]));
    TRY_ASSIGN(const Value upper, evaluate(index.children[1]));
    TRY_ASSIGN(const Value step, evaluate(index.children[2]));
    return apply_slice(*this, value, lower, upper, step);
}

namespace {

Outcome<Value> checked_set(const Values& items) {
    for (const Value& item : items) {
        if (!key_of(item)) {
            return unhashable(item);
        }
    }
    return make_set(items);
}

Outcome<Value> checked_dict(const Values& keys, const Values& values) {
    std::vector<std::pair<Value, Value>> entries;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!key_of(keys[i])) {
            return unhashable(keys[i]);
        }
        entries.emplace_back(keys[i], values[i]);
    }
    Value dict = make_dict(std::move(entries));
    if (depth_of(dict) > kDeepestContainer) {
        return over_limit("dicts are nested more than 100 deep");
    }
    return dict;
}

} // namespace

Outcome<Value> Evaluator::collection(const Expression& node) {
    Values items;
    for (const Expression& child : node.children) {
        TRY_ASSIGN(Value item, evaluate(child));
        items.push_back(std::move(item));
    }
    if (node.kind == ExpressionKind::Set) {
        return checked_set(items);
    }
    return sequence(std::move(items),
                    node.kind == ExpressionKind::List ? SequenceKind::List : SequenceKind::Tuple);
}

Outcome<Value> Evaluator::dict(const Expression& node) {
    const std::size_t count = node.children.size() / 2;
    Values keys;
    Values values;
    for (std::size_t i = 0; i < count; ++i) {
        TRY_ASSIGN(Value key, evaluate(node.children[i]));
        TRY_ASSIGN(Value value, evaluate(node.children[count + i]));
        keys.push_back(std::move(key));
        values.push_back(std::move(value));
    }
    return checked_dict(keys, values);
}

Outcome<Value> Evaluator::formatted(const Expression& node) {
    std::string out;
    for (const Expression& part : node.children) {
        TRY_ASSIGN(const Value value,
                   evaluate(part.kind == ExpressionKind::FormattedPart ? part.children.front() : part));
        TRY_ASSIGN(const std::string shown,
                   format_value(value, part.kind == ExpressionKind::FormattedPart ? part.name : ""));
        out += shown;
        if (out.size() > kLongestText) {
            break;
        }
    }
    return text(std::move(out));
}

Outcome<Value> Evaluator::comprehension(const Expression& node) {
    const bool is_dict = node.element == ExpressionKind::Dict;
    Values results; // of a dict, keys and values in turn
    TRY(run_clause(node, is_dict ? 2 : 1, results));
    if (is_dict) {
        Values keys;
        Values values;
        for (std::size_t i = 0; i < results.size(); ++i) {
            (i % 2 == 0 ? keys : values).push_back(results[i]);
        }
        return checked_dict(keys, values);
    }
    if (node.element == ExpressionKind::Set) {
        return checked_set(results);
    }
    return sequence(std::move(results),
                    node.element == ExpressionKind::List ? SequenceKind::List : SequenceKind::View);
}

// Clause number `clause` and those after it; past the last one the element is computed.
Outcome<void> Evaluator::run_clause(const Expression& node, std::size_t clause, Values& results) {
    if (clause == node.children.size()) {
        for (std::size_t i = 0; node.children[i].kind != ExpressionKind::Clause; ++i) {
            TRY_ASSIGN(Value element, evaluate(node.children[i]));
            results.push_back(std::move(element));
        }
        return {};
    }
    const Expression& loop = node.children[clause];
    TRY_ASSIGN(const Value iterable, evaluate(loop.children[1]));
    TRY_ASSIGN(const Values items, iterate(iterable));
    for (const Value& item : items) {
        TRY(assign(loop.children[0], item));
        TRY_ASSIGN(const bool wanted, all_true(loop));
        if (wanted) {
            TRY(run_clause(node, clause + 1, results));
        }
    }
    return {};
}

Outcome<bool> Evaluator::all_true(const Expression& clause) {
    for (std::size_t i = 2; i < clause.children.size(); ++i) {
        TRY_ASSIGN(const Value condition, evaluate(clause.children[i]));
        if (!is_true(condition)) {
            return false;
        }
    }
    return true;
}

} // namespace birdhouse::syntax
