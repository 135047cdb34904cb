// What `set`, `for` and `except` take besides a plain expression.
#include "base/text.hpp"
#include "syntax/expression_parser.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

struct RefusedStatement {
    std::string_view keyword;
    std::string_view python_name;
};

constexpr auto kRefusedStatements = std::to_array<RefusedStatement>({
    {"assert", "Assert"},
    {"break", "Break"},
    {"continue", "Continue"},
    {"del", "Delete"},
    {"from", "ImportFrom"},
    {"global", "Global"},
    {"import", "Import"},
    {"nonlocal", "Nonlocal"},
    {"raise", "Raise"},
    {"return", "Return"},
});

Operator augmented_operator(const Token& token) {
    constexpr auto kOperators = std::to_array<Operator>(
        {Operator::Add, Operator::Subtract, Operator::Multiply, Operator::Divide, Operator::FloorDivide,
         Operator::Modulo, Operator::MatrixMultiply, Operator::BitOr, Operator::BitAnd, Operator::BitXor,
         Operator::LeftShift, Operator::RightShift});
    if (token.kind != TokenKind::Symbol || token.text.size() < 2 || !token.text.ends_with('=')) {
        return Operator::None;
    }
    const std::string_view symbol = token.text.substr(0, token.text.size() - 1);
    if (symbol == "**") {
        return Operator::Power;
    }
    const auto found = std::find_if(kOperators.begin(), kOperators.end(),
                                    [symbol](Operator operation) { return symbol_of(operation) == symbol; });
    return found == kOperators.end() ? Operator::None : *found;
}

} // namespace

void ExpressionParser::check_target(const Expression& target) {
    switch (target.kind) {
    case ExpressionKind::Name:
    case ExpressionKind::Subscript:
    case ExpressionKind::Attribute:
    case ExpressionKind::Refused:
        return;
    case ExpressionKind::Tuple:
    case ExpressionKind::List:
        for (const Expression& part : target.children) {
            check_target(part);
        }
        return;
    default:
        fail_at(target.begin, target.end, "nothing can be assigned to this");
    }
}

Expression ExpressionParser::refused_statement(std::string_view python_name) {
    const std::uint32_t begin = token_.begin;
    while (token_.kind != TokenKind::End && !at(";")) {
        advance();
    }
    return refuse(python_name, begin);
}

Expression ExpressionParser::statement() {
    const std::uint32_t begin = token_.begin;
    if (take("pass")) {
        return close(open(ExpressionKind::Nothing, begin));
    }
    for (const RefusedStatement& refused : kRefusedStatements) {
        if (at(refused.keyword)) {
            return refused_statement(refused.python_name);
        }
    }
    Expression first = expression_list();
    if (at(":")) {
        if (first.kind == ExpressionKind::Tuple || first.kind == ExpressionKind::List) {
            fail_at(first.begin, first.end, "only one name can be annotated");
        }
        check_target(first);
        advance();
        test();
        if (take("=")) {
            expression_list();
        }
        return refuse("AnnAssign", begin);
    }
    if (const Operator operation = augmented_operator(token_); operation != Operator::None) {
        check_target(first);
        Expression node = open(ExpressionKind::AugmentedAssign, std::move(first));
        node.operation = operation;
        advance();
        node.children.push_back(expression_list());
        return close(std::move(node));
    }
    if (!at("=")) {
        return first;
    }
    Expression node = open(ExpressionKind::Assign, std::move(first));
    while (take("=")) {
        check_target(node.children.back());
        node.children.push_back(expression_list());
    }
    return close(std::move(node));
}

Expression ExpressionParser::statements() {
    Expression all = open(ExpressionKind::Statements, token_.begin);
    do {
        all.children.push_back(statement());
    } while (take(";") && token_.kind != TokenKind::End);
    return close(std::move(all));
}

Expression ExpressionParser::loop_head() {
    Expression clause = open(ExpressionKind::Clause, token_.begin);
    clause.children.push_back(target_list(token_.begin));
    expect("in");
    clause.children.push_back(expression_list());
    return close(std::move(clause));
}

Expression ExpressionParser::except_head() {
    Expression clause = open(ExpressionKind::Clause, token_.begin);
    clause.children.push_back(test());
    if (take("as")) {
        Expression name = open(ExpressionKind::Name, token_.begin);
        name.name = token_.text;
        if (token_.kind == TokenKind::Name) {
            advance();
        } else {
            fail("expected a name after `as`");
        }
        clause.children.push_back(close(std::move(name)));
    }
    return close(std::move(clause));
}

ParsedExpression parse_loop_head(std::string_view text, std::uint32_t begin, std::uint32_t end) {
    ExpressionParser parser(text, begin, end);
    return parser.finish(parser.loop_head());
}

ParsedExpression parse_statements(std::string_view text, std::uint32_t begin, std::uint32_t end) {
    ExpressionParser parser(text, begin, end);
    return parser.finish(parser.statements());
}

ParsedExpression parse_except_head(std::string_view text, std::uint32_t begin, std::uint32_t end) {
    ExpressionParser parser(text, begin, end);
    return parser.finish(parser.except_head());
}

std::string_view python_node_name(const Expression& expression) {
    switch (expression.kind) {
    case ExpressionKind::Name:
        return "Name";
    case ExpressionKind::Constant:
        return "Constant";
    case ExpressionKind::FormattedText:
        return "JoinedStr";
    case ExpressionKind::FormattedPart:
        return "FormattedValue";
    case ExpressionKind::Unary:
        return "UnaryOp";
    case ExpressionKind::Binary:
        return "BinOp";
    case ExpressionKind::Logical:
        return "BoolOp";
    case ExpressionKind::Compare:
        return "Compare";
    case ExpressionKind::Conditional:
        return "IfExp";
    case ExpressionKind::Call:
        return "Call";
    case ExpressionKind::Keyword:
        return "keyword";
    case ExpressionKind::Attribute:
        return "Attribute";
    case ExpressionKind::Subscript:
        return "Subscript";
    case ExpressionKind::Slice:
        return "Slice";
    case ExpressionKind::Nothing:
        return "Pass";
    case ExpressionKind::List:
        return "List";
    case ExpressionKind::Tuple:
        return "Tuple";
    case ExpressionKind::Set:
        return "Set";
    case ExpressionKind::Dict:
        return "Dict";
    case ExpressionKind::Comprehension:
        return expression.element == ExpressionKind::List   ? "ListComp"
               : expression.element == ExpressionKind::Set  ? "SetComp"
               : expression.element == ExpressionKind::Dict ? "DictComp"
                                                            : "GeneratorExp";
    case ExpressionKind::Clause:
        return "comprehension";
    case ExpressionKind::Assign:
        return "Assign";
    case ExpressionKind::AugmentedAssign:
        return "AugAssign";
    case ExpressionKind::Statements:
        return "Module";
    case ExpressionKind::Refused:
        return expression.name;
    case ExpressionKind::RefusedConstant:
        return "Constant";
    }
    return "Expr";
}

} // namespace birdhouse::syntax
