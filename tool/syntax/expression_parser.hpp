// Recursive descent over Python's grammar. The first fault ends it: from then on the current token is the end
// of the text, so every loop stops by itself and no step needs to ask.
#pragma once

#include "syntax/expression.hpp"
#include "syntax/expression_lexer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

class ExpressionParser {
public:
    ExpressionParser(std::string_view text, std::uint32_t begin, std::uint32_t end, unsigned nesting = 0);

    Expression expression_list(); // `a, b` is a tuple
    Expression loop_head();
    Expression statements();
    Expression except_head();
    // The tree when all of the text was read, else the first fault.
    ParsedExpression finish(Expression tree);

private:
    friend class FormattedTextParser;

    // expression_parser.cpp
    Expression named_expression();
    Expression test();
    Expression lambda();
    Expression disjunction();
    Expression conjunction();
    Expression inversion();
    Expression comparison();
    Operator take_comparison();
    Expression binary(int lowest_precedence);
    Expression unary();
    Expression power();
    Expression yielded();

    // expression_primary.cpp
    Expression primary();
    Expression call(Expression callee);
    Expression argument();
    Expression subscript(Expression value);
    Expression slice();
    Expression atom();
    Expression bracketed();
    Expression braced();
    Expression dict_rest(Expression dict, Expression first_key);
    Expression elements(Expression collection, std::string_view closing);
    Expression comprehension(Expression shell);
    Expression starred();
    Expression target_list(std::uint32_t begin);

    // expression_literals.cpp
    Expression number();
    Expression text();

    // expression_statements.cpp
    Expression statement();
    Expression refused_statement(std::string_view python_name);
    void check_target(const Expression& target);

    bool at(std::string_view symbol_or_keyword) const;
    bool take(std::string_view symbol_or_keyword);
    void expect(std::string_view symbol_or_keyword);
    void advance();
    void fail(std::string message);
    void fail_at(std::uint32_t begin, std::uint32_t end, std::string message, bool too_deep = false);
    Expression open(ExpressionKind kind, std::uint32_t begin) const;
    Expression open(ExpressionKind kind, Expression first_child) const;
    // Sets the end and the depth of a node whose children are complete.
    Expression close(Expression node);
    Expression refuse(std::string_view python_name, std::uint32_t begin,
                      ExpressionKind kind = ExpressionKind::Refused);
    bool enter(); // one level of recursion more; leave with leave(), whether it was granted or not
    void leave() { --nesting_; }

    std::string_view text_;
    ExpressionLexer lexer_;
    Token token_;
    std::uint32_t previous_end_;
    unsigned nesting_;
    std::optional<ExpressionFault> fault_;
};

} // namespace birdhouse::syntax
