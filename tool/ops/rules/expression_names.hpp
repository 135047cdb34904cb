// The columns that an expression of a datasource names: of a key, a TTL, an index. Functions and their units,
// arguments of lambdas, aliases, types and literals are none. What cannot be told for sure is left out, so
// that a name in the answer is a column or a mistake.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct ExpressionName {
    std::string name; // `a`, or `a.b` of a nested or JSON column; without quotes
    std::size_t begin = 0;
    std::size_t end = 0;
};

// Nothing for a text that is no plain expression: one with `{` or `$` in it is filled in elsewhere.
std::vector<ExpressionName> expression_names(std::string_view expression);

// The parts between the commas that stand in no parentheses: `a, f(b, c)` is `a` and `f(b, c)`.
std::vector<std::string_view> expression_parts(std::string_view list);

// The name when `part` is one name and nothing else, quoted or not, in parentheses or not.
std::string plain_name(std::string_view part);

} // namespace birdhouse::ops
