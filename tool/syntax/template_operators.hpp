// Python's operators over values.
#pragma once

#include "syntax/expression.hpp"
#include "syntax/template_evaluator.hpp"

namespace birdhouse::syntax {

Outcome<Value> apply_unary(Operator operation, const Value& operand);
Outcome<Value> apply_binary(Evaluator& evaluator, Operator operation, const Value& left, const Value& right);
Outcome<bool> apply_comparison(Evaluator& evaluator, Operator operation, const Value& left,
                               const Value& right);
// Negative, zero or positive; fails for kinds without an order. `operation` is for the message.
Outcome<int> order_of(Evaluator& evaluator, Operator operation, const Value& left, const Value& right);

// value[index], value[lower:upper:step]
Outcome<Value> apply_index(Evaluator& evaluator, const Value& value, const Value& index);
Outcome<Value> apply_slice(Evaluator& evaluator, const Value& value, const Value& lower, const Value& upper,
                           const Value& step);

} // namespace birdhouse::syntax
