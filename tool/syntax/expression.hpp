// The Python subset of templates as a tree. Places are byte offsets into the template's text; names are views
// into it, so a tree lives as long as its text. Python's own order of children is kept: the order in which
// parameters are found depends on it.
#pragma once

#include "syntax/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace birdhouse::syntax {

enum class ExpressionKind : std::uint8_t {
    Name,          // name, slot
    Constant,      // constant
    FormattedText, // f'...': Constant and FormattedPart children
    FormattedPart, // one child; name is what stands after it: "!r", ":>3"
    Unary,         // one child
    Binary,        // two
    Logical,       // And, Or: two or more
    Compare,       // operands; the operators between them are in `operators`
    Conditional,   // test, value when true, value when false
    Call,          // callee, arguments, then Keyword children
    Keyword,       // name=child
    Attribute,     // child.name
    Subscript,     // value, index
    Slice,         // lower, upper, step; Nothing where one is missing
    Nothing,
    List,
    Tuple,
    Set,
    Dict,            // the keys, then as many values
    Comprehension,   // element (two for a dict), then Clause children; `element` says what it makes
    Clause,          // target, iterable, conditions
    Assign,          // targets, then the value
    AugmentedAssign, // target, value
    Statements,      // of `set`, one child each
    Refused,         // Python that templates do not use; name is Python's word for it
    RefusedConstant, // bytes, complex numbers, `...`
};

enum class Operator : std::uint8_t {
    None,
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    MatrixMultiply,
    BitOr,
    BitAnd,
    BitXor,
    LeftShift,
    RightShift,
    Plus,
    Minus,
    Invert,
    Not,
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Is,
    IsNot,
};

// `+` and Python's word for it, `Add`.
std::string_view symbol_of(Operator operation);
std::string_view python_name(Operator operation);

struct Expression {
    ExpressionKind kind = ExpressionKind::Nothing;
    Operator operation = Operator::None;
    ExpressionKind element =
        ExpressionKind::Nothing; // of a comprehension: List, Set, Dict; Tuple is a generator
    bool parenthesised = false;
    std::uint16_t depth = 1;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t slot = 0; // of a name: its number in the template
    std::string_view name;
    Value constant;
    std::vector<Operator> operators;
    std::vector<Expression> children;
};

inline constexpr std::size_t kDeepestExpression = 100;

// A place in the template text with what is wrong there.
struct ExpressionFault {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string message;
    bool too_deep = false;
};

using ParsedExpression = std::variant<Expression, ExpressionFault>;

// Each reads the part [begin, end) of `text`, all of it.
ParsedExpression parse_expression(std::string_view text, std::uint32_t begin, std::uint32_t end);
// `T in E` of a for statement: two children, in a Clause.
ParsedExpression parse_loop_head(std::string_view text, std::uint32_t begin, std::uint32_t end);
// What `set` takes: simple statements with `;` between them.
ParsedExpression parse_statements(std::string_view text, std::uint32_t begin, std::uint32_t end);
// `E` or `E as name` of an except statement: the class, and a Name when there is one, in a Clause.
ParsedExpression parse_except_head(std::string_view text, std::uint32_t begin, std::uint32_t end);

// Python's word for the node, as ast.dump() would begin: "Compare", "ListComp".
std::string_view python_node_name(const Expression& expression);

// The text of a literal without its quotes, as Python reads it; nullopt when an escape is broken.
std::optional<std::string> decode_text_literal(std::string_view body, bool raw);
// One literal value: text, number, None, True, a list or tuple of them. As Python's literal_eval.
std::optional<Value> read_literal(std::string_view text);

} // namespace birdhouse::syntax
