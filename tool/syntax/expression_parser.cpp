#include "syntax/expression_parser.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

// `a + b + c + ...` grows to the left without recursion here; what walks the tree later does recurse.
constexpr unsigned kDeepestTree = 200;

struct BinaryOperator {
    std::string_view symbol;
    Operator operation;
    int precedence;
};

constexpr auto kBinaryOperators = std::to_array<BinaryOperator>({
    {"|", Operator::BitOr, 1},
    {"^", Operator::BitXor, 2},
    {"&", Operator::BitAnd, 3},
    {"<<", Operator::LeftShift, 4},
    {">>", Operator::RightShift, 4},
    {"+", Operator::Add, 5},
    {"-", Operator::Subtract, 5},
    {"*", Operator::Multiply, 6},
    {"/", Operator::Divide, 6},
    {"//", Operator::FloorDivide, 6},
    {"%", Operator::Modulo, 6},
    {"@", Operator::MatrixMultiply, 6},
});

const BinaryOperator* binary_operator(const Token& token) {
    const auto found =
        std::find_if(kBinaryOperators.begin(), kBinaryOperators.end(), [&token](const auto& candidate) {
            return token.kind == TokenKind::Symbol && candidate.symbol == token.text;
        });
    return found == kBinaryOperators.end() ? nullptr : &*found;
}

} // namespace

ExpressionParser::ExpressionParser(std::string_view text, std::uint32_t begin, std::uint32_t end,
                                   unsigned nesting)
    : text_(text), lexer_(text, begin, end), previous_end_(begin), nesting_(nesting) {
    advance();
}

void ExpressionParser::advance() {
    previous_end_ = std::max(previous_end_, token_.end);
    token_ = lexer_.next();
    if (token_.kind == TokenKind::Fault) {
        fail_at(token_.begin, token_.end, token_.fault);
    }
}

bool ExpressionParser::at(std::string_view symbol_or_keyword) const {
    return (token_.kind == TokenKind::Symbol || token_.kind == TokenKind::Keyword) &&
           token_.text == symbol_or_keyword;
}

bool ExpressionParser::take(std::string_view symbol_or_keyword) {
    const bool taken = at(symbol_or_keyword);
    if (taken) {
        advance();
    }
    return taken;
}

void ExpressionParser::expect(std::string_view symbol_or_keyword) {
    if (!take(symbol_or_keyword)) {
        fail("expected " + backquoted(symbol_or_keyword));
    }
}

void ExpressionParser::fail(std::string message) {
    message += token_.kind == TokenKind::End ? ", and the text ends"
                                             : ", found " + backquoted(shorten(token_.text, 40));
    fail_at(token_.begin, token_.end, std::move(message));
}

void ExpressionParser::fail_at(std::uint32_t begin, std::uint32_t end, std::string message, bool too_deep) {
    if (!fault_) {
        fault_ = ExpressionFault{begin, end, std::move(message), too_deep};
    }
    token_ = Token{.begin = begin, .end = begin, .text = {}, .prefix = {}, .body = {}};
}

Expression ExpressionParser::open(ExpressionKind kind, std::uint32_t begin) const {
    Expression node;
    node.kind = kind;
    node.begin = begin;
    return node;
}

Expression ExpressionParser::open(ExpressionKind kind, Expression first_child) const {
    Expression node = open(kind, first_child.begin);
    node.children.push_back(std::move(first_child));
    return node;
}

Expression ExpressionParser::close(Expression node) {
    node.end = previous_end_;
    unsigned deepest = 0;
    for (const Expression& child : node.children) {
        deepest = std::max<unsigned>(deepest, child.depth);
    }
    if (deepest >= kDeepestTree) {
        fail_at(node.begin, node.end, "the expression is more than 200 operations deep", true);
        node.children.clear(); // no tree deeper than the limit ever exists, not even to be destroyed
        deepest = 0;
    }
    node.depth = static_cast<std::uint16_t>(deepest + 1);
    return node;
}

Expression ExpressionParser::refuse(std::string_view python_name, std::uint32_t begin, ExpressionKind kind) {
    Expression node = open(kind, begin);
    node.name = python_name;
    return close(std::move(node));
}

bool ExpressionParser::enter() {
    if (++nesting_ > kDeepestExpression) {
        fail_at(token_.begin, token_.end, "the expression is nested more than 100 deep", true);
        return false;
    }
    return true;
}

ParsedExpression ExpressionParser::finish(Expression tree) {
    if (!fault_ && token_.kind != TokenKind::End) {
        fail("expected the end of the expression");
    }
    if (fault_) {
        return *std::move(fault_);
    }
    return tree;
}

Expression ExpressionParser::expression_list() {
    if (at("yield")) {
        return yielded();
    }
    Expression first = at("*") ? starred() : test();
    if (!at(",")) {
        return first;
    }
    Expression tuple = open(ExpressionKind::Tuple, std::move(first));
    while (take(",") && token_.kind != TokenKind::End && !at("=") && !at(")") && !at(";")) {
        tuple.children.push_back(at("*") ? starred() : test());
    }
    return close(std::move(tuple));
}

Expression ExpressionParser::yielded() {
    const std::uint32_t begin = token_.begin;
    advance();
    const std::string_view word = take("from") ? "YieldFrom" : "Yield";
    if (token_.kind != TokenKind::End && !at(")") && !at(";")) {
        expression_list();
    }
    return refuse(word, begin);
}

Expression ExpressionParser::named_expression() {
    const std::uint32_t begin = token_.begin;
    Expression target = test();
    if (target.kind != ExpressionKind::Name || target.parenthesised || !take(":=")) {
        return target;
    }
    test();
    return refuse("NamedExpr", begin);
}

Expression ExpressionParser::test() {
    if (!enter()) {
        leave();
        return {};
    }
    Expression value = at("lambda") ? lambda() : disjunction();
    if (take("if")) {
        Expression choice = open(ExpressionKind::Conditional, value.begin);
        choice.children.push_back(disjunction());
        choice.children.push_back(std::move(value));
        expect("else");
        choice.children.push_back(test());
        value = close(std::move(choice));
    }
    leave();
    return value;
}

// Read only so far that the refusal covers it: its parameters may hold any default.
Expression ExpressionParser::lambda() {
    const std::uint32_t begin = token_.begin;
    advance();
    while (!at(":") && token_.kind != TokenKind::End) {
        if (token_.kind == TokenKind::Name || at("*") || at("**")) {
            advance();
        } else if (take("=")) {
            test();
        } else {
            expect(",");
        }
    }
    expect(":");
    test();
    return refuse("Lambda", begin);
}

Expression ExpressionParser::disjunction() {
    Expression first = conjunction();
    if (!at("or")) {
        return first;
    }
    Expression node = open(ExpressionKind::Logical, std::move(first));
    node.operation = Operator::Or;
    while (take("or")) {
        node.children.push_back(conjunction());
    }
    return close(std::move(node));
}

Expression ExpressionParser::conjunction() {
    Expression first = inversion();
    if (!at("and")) {
        return first;
    }
    Expression node = open(ExpressionKind::Logical, std::move(first));
    node.operation = Operator::And;
    while (take("and")) {
        node.children.push_back(inversion());
    }
    return close(std::move(node));
}

Expression ExpressionParser::inversion() {
    if (!at("not")) {
        return comparison();
    }
    Expression node = open(ExpressionKind::Unary, token_.begin);
    node.operation = Operator::Not;
    advance();
    if (enter()) {
        node.children.push_back(inversion());
    }
    leave();
    return close(std::move(node));
}

Expression ExpressionParser::comparison() {
    Expression first = binary(1);
    Operator operation = take_comparison();
    if (operation == Operator::None) {
        return first;
    }
    Expression node = open(ExpressionKind::Compare, std::move(first));
    for (; operation != Operator::None; operation = take_comparison()) {
        node.operators.push_back(operation);
        node.children.push_back(binary(1));
    }
    return close(std::move(node));
}

Operator ExpressionParser::take_comparison() {
    if (take("not")) {
        expect("in");
        return Operator::NotIn;
    }
    if (take("is")) {
        return take("not") ? Operator::IsNot : Operator::Is;
    }
    for (const Operator operation : {Operator::Equal, Operator::NotEqual, Operator::LessEqual, Operator::Less,
                                     Operator::GreaterEqual, Operator::Greater, Operator::In}) {
        if (take(symbol_of(operation))) {
            return operation;
        }
    }
    return Operator::None;
}

Expression ExpressionParser::binary(int lowest_precedence) {
    Expression left = unary();
    for (const auto* next = binary_operator(token_); next != nullptr && next->precedence >= lowest_precedence;
         next = binary_operator(token_)) {
        Expression node = open(ExpressionKind::Binary, std::move(left));
        node.operation = next->operation;
        advance();
        node.children.push_back(binary(next->precedence + 1));
        left = close(std::move(node));
    }
    return left;
}

Expression ExpressionParser::unary() {
    const Operator operation = at("-")   ? Operator::Minus
                               : at("+") ? Operator::Plus
                               : at("~") ? Operator::Invert
                                         : Operator::None;
    if (operation == Operator::None) {
        return power();
    }
    Expression node = open(ExpressionKind::Unary, token_.begin);
    node.operation = operation;
    advance();
    if (enter()) {
        node.children.push_back(unary());
    }
    leave();
    return close(std::move(node));
}

Expression ExpressionParser::power() {
    const std::uint32_t begin = token_.begin;
    if (take("await")) {
        primary();
        return refuse("Await", begin);
    }
    Expression base = primary();
    if (!take("**")) {
        return base;
    }
    Expression node = open(ExpressionKind::Binary, std::move(base));
    node.operation = Operator::Power;
    if (enter()) {
        node.children.push_back(unary());
    }
    leave();
    return close(std::move(node));
}

namespace {

struct OperatorName {
    Operator operation;
    std::string_view symbol;
    std::string_view python;
};

constexpr auto kOperators = std::to_array<OperatorName>({
    {Operator::None, "", ""},
    {Operator::Add, "+", "Add"},
    {Operator::Subtract, "-", "Sub"},
    {Operator::Multiply, "*", "Mult"},
    {Operator::Divide, "/", "Div"},
    {Operator::FloorDivide, "//", "FloorDiv"},
    {Operator::Modulo, "%", "Mod"},
    {Operator::Power, "** or pow()", "Pow"},
    {Operator::MatrixMultiply, "@", "MatMult"},
    {Operator::BitOr, "|", "BitOr"},
    {Operator::BitAnd, "&", "BitAnd"},
    {Operator::BitXor, "^", "BitXor"},
    {Operator::LeftShift, "<<", "LShift"},
    {Operator::RightShift, ">>", "RShift"},
    {Operator::Plus, "+", "UAdd"},
    {Operator::Minus, "-", "USub"},
    {Operator::Invert, "~", "Invert"},
    {Operator::Not, "not", "Not"},
    {Operator::And, "and", "And"},
    {Operator::Or, "or", "Or"},
    {Operator::Equal, "==", "Eq"},
    {Operator::NotEqual, "!=", "NotEq"},
    {Operator::Less, "<", "Lt"},
    {Operator::LessEqual, "<=", "LtE"},
    {Operator::Greater, ">", "Gt"},
    {Operator::GreaterEqual, ">=", "GtE"},
    {Operator::In, "in", "In"},
    {Operator::NotIn, "not in", "NotIn"},
    {Operator::Is, "is", "Is"},
    {Operator::IsNot, "is not", "IsNot"},
});

const OperatorName& entry_of(Operator operation) { return kOperators[static_cast<std::size_t>(operation)]; }

} // namespace

std::string_view symbol_of(Operator operation) { return entry_of(operation).symbol; }

std::string_view python_name(Operator operation) { return entry_of(operation).python; }

ParsedExpression parse_expression(std::string_view text, std::uint32_t begin, std::uint32_t end) {
    ExpressionParser parser(text, begin, end);
    return parser.finish(parser.expression_list());
}

} // namespace birdhouse::syntax
