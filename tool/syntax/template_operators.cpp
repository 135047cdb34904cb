#include "syntax/template_operators.hpp"

#include "syntax/template_functions.hpp"
#include "syntax/value_unicode.hpp"

#include <cmath>
#include <limits>

namespace birdhouse::syntax {

namespace {

std::string quoted_type(const Value& value) { return "'" + std::string(type_name(value)) + "'"; }

Failure operands_refused(Operator operation, const Value& left, const Value& right) {
    return raise("TypeError", "unsupported operand type(s) for " + std::string(symbol_of(operation)) + ": " +
                                  quoted_type(left) + " and " + quoted_type(right));
}

Failure past_64_bits() { return unsupported("a number past 64 bits in a computation"); }

Outcome<Value> power(std::int64_t base, std::int64_t exponent) {
    if (exponent < 0) {
        if (base == 0) {
            return raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
        }
        return make_float(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
    }
    std::int64_t result = 1;
    while (exponent > 0) {
        if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) {
            return past_64_bits();
        }
        exponent >>= 1;
        if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) {
            return past_64_bits();
        }
    }
    return make_integer(result);
}

// Python rounds towards minus infinity, C++ towards zero.
Outcome<Value> divide_whole(Operator operation, std::int64_t left, std::int64_t right) {
    if (right == 0) {
        return raise("ZeroDivisionError", operation == Operator::Modulo
                                              ? "integer modulo by zero"
                                              : "integer division or modulo by zero");
    }
    if (right == -1) { // the smallest number has no positive twin
        std::int64_t negated = 0;
        if (operation == Operator::Modulo) {
            return make_integer(std::int64_t{0});
        }
        return __builtin_sub_overflow(std::int64_t{0}, left, &negated) ? Outcome<Value>(past_64_bits())
                                                                       : make_integer(negated);
    }
    const std::int64_t remainder = left % right;
    const bool adjust = remainder != 0 && (remainder < 0) != (right < 0);
    return make_integer(operation == Operator::Modulo ? remainder + (adjust ? right : 0)
                                                      : left / right - (adjust ? 1 : 0));
}

Outcome<Value> compute_integers(Operator operation, std::int64_t left, std::int64_t right) {
    std::int64_t result = 0;
    bool overflow = false;
    switch (operation) {
    case Operator::Add:
        overflow = __builtin_add_overflow(left, right, &result);
        break;
    case Operator::Subtract:
        overflow = __builtin_sub_overflow(left, right, &result);
        break;
    case Operator::Multiply:
        overflow = __builtin_mul_overflow(left, right, &result);
        break;
    case Operator::Power:
        return power(left, right);
    default:
        return divide_whole(operation, left, right);
    }
    return overflow ? Outcome<Value>(past_64_bits()) : make_integer(result);
}

Outcome<Value> compute_floats(Operator operation, double left, double right) {
    const bool divides =
        operation == Operator::Divide || operation == Operator::FloorDivide || operation == Operator::Modulo;
    if (divides && right == 0) {
        return raise("ZeroDivisionError", operation == Operator::Divide   ? "float division by zero"
                                          : operation == Operator::Modulo ? "float modulo"
                                                                          : "float floor division by zero");
    }
    switch (operation) {
    case Operator::Add:
        return make_float(left + right);
    case Operator::Subtract:
        return make_float(left - right);
    case Operator::Multiply:
        return make_float(left * right);
    case Operator::Divide:
        return make_float(left / right);
    case Operator::FloorDivide:
        return make_float(std::floor(left / right));
    case Operator::Modulo: {
        const double remainder = std::fmod(left, right);
        return make_float(remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder);
    }
    default:
        if (left < 0 && right != std::floor(right)) {
            return unsupported("a complex number");
        }
        return make_float(std::pow(left, right));
    }
}

Outcome<Value> compute_numbers(Operator operation, const Value& left, const Value& right) {
    const auto a = integer_of(left);
    const auto b = integer_of(right);
    if (a && b && operation == Operator::Divide && b->is_small() && b->small == 0) {
        return raise("ZeroDivisionError", "division by zero");
    }
    if (!a || !b || operation == Operator::Divide) {
        return compute_floats(operation, *number_of(left), *number_of(right));
    }
    if (!a->is_small() || !b->is_small()) {
        return past_64_bits();
    }
    return compute_integers(operation, a->small, b->small);
}

Outcome<Value> repeat(Evaluator& evaluator, const Value& value, const Integer& count) {
    const std::size_t times = count.is_small()
                                  ? static_cast<std::size_t>(std::max<std::int64_t>(count.small, 0))
                                  : std::numeric_limits<std::size_t>::max();
    if (const auto text = text_of(value)) {
        if (!text->empty() && times > kLongestText / text->size()) {
            return over_limit("a text is longer than 16 MiB");
        }
        std::string repeated;
        for (std::size_t i = 0; i < times && !text->empty(); ++i) {
            repeated += *text;
        }
        return evaluator.text(std::move(repeated));
    }
    const auto* sequence = value.as<SequenceValue>();
    Values items;
    for (std::size_t i = 0; i < times && !sequence->content->items.empty(); ++i) {
        TRY(evaluator.spend(sequence->content->items.size()));
        items.insert(items.end(), sequence->content->items.begin(), sequence->content->items.end());
    }
    return evaluator.sequence(std::move(items), sequence->kind);
}

bool is_repeatable(const Value& value) {
    const auto* sequence = value.as<SequenceValue>();
    return text_of(value) || (sequence != nullptr && sequence->kind != SequenceKind::View);
}

Outcome<Value> multiply(Evaluator& evaluator, const Value& left, const Value& right) {
    const bool left_repeats = is_repeatable(left);
    const Value& repeated = left_repeats ? left : right;
    const Value& count = left_repeats ? right : left;
    if (!is_repeatable(repeated)) {
        return operands_refused(Operator::Multiply, left, right);
    }
    const auto number = integer_of(count);
    if (!number) {
        return raise("TypeError", "can't multiply sequence by non-int of type " + quoted_type(count));
    }
    return repeat(evaluator, repeated, *number);
}

Outcome<Value> add(Evaluator& evaluator, const Value& left, const Value& right) {
    if (left.as<PlaceholderValue>() != nullptr) {
        return left;
    }
    const auto a = text_of(left);
    const auto b = text_of(right);
    if (a && b) {
        return evaluator.text(std::string(*a) + std::string(*b));
    }
    const auto* first = left.as<SequenceValue>();
    const auto* second = right.as<SequenceValue>();
    if (first != nullptr && second != nullptr && first->kind == second->kind && is_repeatable(left)) {
        Values items = first->content->items;
        items.insert(items.end(), second->content->items.begin(), second->content->items.end());
        TRY(evaluator.spend(items.size()));
        return evaluator.sequence(std::move(items), first->kind);
    }
    if (a || (first != nullptr && is_repeatable(left))) {
        const std::string kind = a ? "str" : std::string(type_name(left));
        return raise("TypeError", "can only concatenate " + kind + " (not \"" +
                                      std::string(type_name(right)) + "\") to " + kind);
    }
    return operands_refused(Operator::Add, left, right);
}

} // namespace

Outcome<Value> apply_unary(Operator operation, const Value& operand) {
    if (operation == Operator::Not) {
        return make_bool(!is_true(operand));
    }
    if (!number_of(operand)) {
        return raise("TypeError", "bad operand type for unary " + std::string(symbol_of(operation)) + ": " +
                                      quoted_type(operand));
    }
    if (const auto* number = operand.as<FloatValue>()) {
        return make_float(operation == Operator::Minus ? -number->number : number->number);
    }
    const Integer integer = *integer_of(operand);
    if (operation == Operator::Plus) {
        return make_integer(integer);
    }
    const std::string digits = integer_text(integer);
    return make_integer(*read_integer(digits.starts_with('-') ? digits.substr(1) : "-" + digits));
}

Outcome<Value> apply_binary(Evaluator& evaluator, Operator operation, const Value& left, const Value& right) {
    if (number_of(left) && number_of(right)) {
        return compute_numbers(operation, left, right);
    }
    if (left.as<SetValue>() != nullptr && right.as<SetValue>() != nullptr) {
        return unsupported("arithmetic on sets");
    }
    switch (operation) {
    case Operator::Add:
        return add(evaluator, left, right);
    case Operator::Multiply:
        return multiply(evaluator, left, right);
    case Operator::Modulo:
        if (const auto text = text_of(left)) {
            return format_percent(evaluator, *text, right);
        }
        break;
    default:
        break;
    }
    return operands_refused(operation, left, right);
}

namespace {

template <class Number>
int three_way(Number left, Number right) {
    return left < right ? -1 : left > right ? 1 : 0;
}

Failure no_order(Operator operation, const Value& left, const Value& right) {
    std::string message = "'" + std::string(symbol_of(operation)) + "' not supported between instances of " +
                          quoted_type(left) + " and " + quoted_type(right);
    if (left.as<PlaceholderValue>() != nullptr) {
        message += ". If you are using a dynamic parameter, you need to wrap it around a valid Data Type "
                   "(e.g. Int8(placeholder))";
    }
    return raise("TypeError", std::move(message));
}

Outcome<int> order_of_items(Evaluator& evaluator, Operator operation, const Values& left,
                            const Values& right) {
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        TRY_ASSIGN(const bool same, evaluator.same(left[i], right[i]));
        if (!same) {
            return order_of(evaluator, operation, left[i], right[i]);
        }
    }
    return three_way(left.size(), right.size());
}

Outcome<bool> contains(Evaluator& evaluator, const Value& item, const Value& container) {
    if (const auto text = text_of(container)) {
        const auto part = text_of(item);
        if (!part) {
            return raise("TypeError", "'in <string>' requires string as left operand, not " +
                                          std::string(type_name(item)));
        }
        TRY(evaluator.spend(text->size() / 256));
        return text->find(*part) != std::string_view::npos;
    }
    const auto* dict = container.as<DictValue>();
    const auto* set = container.as<SetValue>();
    if (dict != nullptr || set != nullptr) {
        if (!key_of(item)) {
            return unhashable(item);
        }
        return find_entry(dict != nullptr ? *dict->content : *set->content, item) != nullptr;
    }
    if (items_of(container) == nullptr && container.as<PlaceholderValue>() == nullptr) {
        return raise("TypeError", "argument of type " + quoted_type(container) + " is not iterable");
    }
    TRY_ASSIGN(const Values items, evaluator.iterate(container));
    for (const Value& candidate : items) {
        TRY_ASSIGN(const bool same, evaluator.same(item, candidate));
        if (same) {
            return true;
        }
    }
    return false;
}

bool is_identical(Evaluator& evaluator, const Value& left, const Value& right) {
    if (left.data.index() != right.data.index()) {
        return false;
    }
    if (const auto* sequence = left.as<SequenceValue>()) {
        return sequence->content == right.as<SequenceValue>()->content;
    }
    if (const auto* dict = left.as<DictValue>()) {
        return dict->content == right.as<DictValue>()->content;
    }
    return equal(left, right, evaluator.work());
}

} // namespace

Outcome<int> order_of(Evaluator& evaluator, Operator operation, const Value& left, const Value& right) {
    TRY(evaluator.spend(1));
    const auto a = integer_of(left);
    const auto b = integer_of(right);
    if (a && b) {
        return compare(*a, *b);
    }
    if (number_of(left) && number_of(right)) {
        return three_way(*number_of(left), *number_of(right));
    }
    if (text_of(left) && text_of(right)) { // UTF-8 sorts as its code points do
        TRY(evaluator.spend(text_of(left)->size() / 256));
        return text_of(left)->compare(*text_of(right));
    }
    const auto* first = left.as<SequenceValue>();
    const auto* second = right.as<SequenceValue>();
    if (first != nullptr && second != nullptr && first->kind == second->kind && is_repeatable(left)) {
        return order_of_items(evaluator, operation, first->content->items, second->content->items);
    }
    return no_order(operation, left, right);
}

Outcome<bool> apply_comparison(Evaluator& evaluator, Operator operation, const Value& left,
                               const Value& right) {
    switch (operation) {
    case Operator::Equal:
    case Operator::NotEqual: {
        TRY_ASSIGN(const bool same, evaluator.same(left, right));
        return same == (operation == Operator::Equal);
    }
    case Operator::In:
    case Operator::NotIn: {
        TRY_ASSIGN(const bool found, contains(evaluator, left, right));
        return found == (operation == Operator::In);
    }
    case Operator::Is:
    case Operator::IsNot:
        return is_identical(evaluator, left, right) == (operation == Operator::Is);
    default:
        break;
    }
    const auto a = number_of(left);
    const auto b = number_of(right);
    if ((a && std::isnan(*a) && b) || (b && std::isnan(*b) && a)) {
        return false;
    }
    TRY_ASSIGN(const int order, order_of(evaluator, operation, left, right));
    switch (operation) {
    case Operator::Less:
        return order < 0;
    case Operator::LessEqual:
        return order <= 0;
    case Operator::Greater:
        return order > 0;
    default:
        return order >= 0;
    }
}

} // namespace birdhouse::syntax
