// Atoms and what may follow them: calls, attributes, subscripts; brackets of all kinds and comprehensions.
#include "base/text.hpp"
#include "syntax/expression_parser.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace birdhouse::syntax {

Expression ExpressionParser::primary() {
    Expression value = atom();
    while (true) {
        if (at("(")) {
            value = call(std::move(value));
        } else if (at("[")) {
            value = subscript(std::move(value));
        } else if (take(".")) {
            Expression attribute = open(ExpressionKind::Attribute, std::move(value));
            attribute.name = token_.text;
            if (token_.kind == TokenKind::Name) {
                advance();
            } else {
                fail("expected a name after `.`");
            }
            value = close(std::move(attribute));
        } else {
            return value;
        }
    }
}

Expression ExpressionParser::call(Expression callee) {
    Expression node = open(ExpressionKind::Call, std::move(callee));
    std::vector<Expression> keywords;
    advance();
    while (!at(")") && token_.kind != TokenKind::End) {
        Expression given = argument();
        const bool keyword = given.kind == ExpressionKind::Keyword;
        if (!keyword && !keywords.empty()) {
            fail_at(given.begin, given.end, "a positional argument follows a keyword argument");
        }
        const bool repeated =
            keyword && std::any_of(keywords.begin(), keywords.end(),
                                   [&given](const Expression& before) { return before.name == given.name; });
        if (repeated) {
            fail_at(given.begin, given.end, "a keyword argument is repeated");
        }
        (keyword ? keywords : node.children).push_back(std::move(given));
        if (!at(")")) {
            expect(",");
        }
    }
    expect(")");
    std::move(keywords.begin(), keywords.end(), std::back_inserter(node.children));
    return close(std::move(node));
}

Expression ExpressionParser::argument() {
    const std::uint32_t begin = token_.begin;
    if (at("*") || at("**")) {
        return starred();
    }
    Expression value = named_expression();
    if (at("for") || at("async")) {
        Expression generator = open(ExpressionKind::Comprehension, std::move(value));
        generator.element = ExpressionKind::Tuple;
        return comprehension(std::move(generator));
    }
    if (value.kind == ExpressionKind::Name && !value.parenthesised && take("=")) {
        Expression keyword = open(ExpressionKind::Keyword, begin);
        keyword.name = value.name;
        keyword.children.push_back(test());
        return close(std::move(keyword));
    }
    return value;
}

Expression ExpressionParser::starred() {
    const std::uint32_t begin = token_.begin;
    advance();
    if (enter()) {
        disjunction();
    }
    leave();
    return refuse("Starred", begin);
}

Expression ExpressionParser::subscript(Expression value) {
    Expression node = open(ExpressionKind::Subscript, std::move(value));
    advance();
    Expression index = slice();
    if (at(",")) {
        Expression tuple = open(ExpressionKind::Tuple, std::move(index));
        while (take(",") && !at("]")) {
            tuple.children.push_back(slice());
        }
        index = close(std::move(tuple));
    }
    node.children.push_back(std::move(index));
    expect("]");
    return close(std::move(node));
}

Expression ExpressionParser::slice() {
    const std::uint32_t begin = token_.begin;
    Expression lower = at(":") ? open(ExpressionKind::Nothing, begin) : named_expression();
    if (!at(":")) {
        return lower;
    }
    Expression node = open(ExpressionKind::Slice, begin);
    node.children.push_back(std::move(lower));
    while (node.children.size() < 3 && take(":")) {
        const bool missing = at(":") || at("]") || at(",");
        node.children.push_back(missing ? open(ExpressionKind::Nothing, token_.begin) : test());
    }
    node.children.resize(3);
    return close(std::move(node));
}

Expression ExpressionParser::atom() {
    const std::uint32_t begin = token_.begin;
    if (token_.kind == TokenKind::Name) {
        Expression name = open(ExpressionKind::Name, begin);
        name.name = token_.text;
        advance();
        return close(std::move(name));
    }
    if (token_.kind == TokenKind::Number) {
        return number();
    }
    if (token_.kind == TokenKind::Text) {
        return text();
    }
    if (at("(") || at("[")) {
        return bracketed();
    }
    if (at("{")) {
        return braced();
    }
    if (take("...")) {
        return refuse("Ellipsis", begin, ExpressionKind::RefusedConstant);
    }
    Expression constant = open(ExpressionKind::Constant, begin);
    if (at("True") || at("False")) {
        constant.constant = make_bool(at("True"));
    } else if (!at("None")) {
        fail("expected a value");
    }
    advance();
    return close(std::move(constant));
}

// `(a)`, `(a, b)`, `()`, `[a, b]` and comprehensions in either.
Expression ExpressionParser::bracketed() {
    const bool round = at("(");
    const std::string_view closing = round ? ")" : "]";
    Expression collection = open(round ? ExpressionKind::Tuple : ExpressionKind::List, token_.begin);
    const std::uint32_t begin = token_.begin;
    advance();
    if (take(closing)) {
        collection.parenthesised = true;
        return close(std::move(collection));
    }
    Expression first = round && at("yield") ? yielded() : at("*") ? starred() : named_expression();
    if (at("for") || at("async")) {
        Expression shell = open(ExpressionKind::Comprehension, std::move(first));
        shell.begin = begin;
        shell.element = collection.kind;
        shell.parenthesised = true;
        shell = comprehension(std::move(shell));
        expect(closing);
        shell.end = previous_end_;
        return shell;
    }
    if (round && take(")")) {
        first.parenthesised = true;
        return first;
    }
    collection.children.push_back(std::move(first));
    return elements(std::move(collection), closing);
}

Expression ExpressionParser::elements(Expression collection, std::string_view closing) {
    while (take(",") && !at(closing)) {
        collection.children.push_back(at("*") ? starred() : named_expression());
    }
    expect(closing);
    collection.parenthesised = true;
    return close(std::move(collection));
}

Expression ExpressionParser::braced() {
    const std::uint32_t begin = token_.begin;
    advance();
    Expression dict = open(ExpressionKind::Dict, begin);
    if (take("}")) {
        return close(std::move(dict));
    }
    Expression first = at("**") || at("*") ? starred() : named_expression();
    if (at(":")) {
        return dict_rest(std::move(dict), std::move(first));
    }
    Expression set = open(ExpressionKind::Set, begin);
    if (at("for") || at("async")) {
        set.kind = ExpressionKind::Comprehension;
        set.element = ExpressionKind::Set;
        set.children.push_back(std::move(first));
        set = comprehension(std::move(set));
        expect("}");
        set.end = previous_end_;
        return set;
    }
    set.children.push_back(std::move(first));
    return elements(std::move(set), "}");
}

Expression ExpressionParser::dict_rest(Expression dict, Expression first_key) {
    std::vector<Expression> values;
    expect(":");
    values.push_back(test());
    dict.children.push_back(std::move(first_key));
    if (at("for") || at("async")) {
        dict.kind = ExpressionKind::Comprehension;
        dict.element = ExpressionKind::Dict;
        dict.children.push_back(std::move(values.front()));
        dict = comprehension(std::move(dict));
        expect("}");
        dict.end = previous_end_;
        return dict;
    }
    while (take(",") && !at("}")) {
        if (at("**")) {
            dict.children.push_back(starred());
            values.emplace_back();
            continue;
        }
        dict.children.push_back(test());
        expect(":");
        values.push_back(test());
    }
    expect("}");
    std::move(values.begin(), values.end(), std::back_inserter(dict.children));
    return close(std::move(dict));
}

// The clauses after the element: `for x in xs if x for y in x`.
Expression ExpressionParser::comprehension(Expression shell) {
    while (at("for") || at("async")) {
        Expression clause = open(ExpressionKind::Clause, token_.begin);
        const bool asynchronous = take("async");
        expect("for");
        clause.children.push_back(target_list(token_.begin));
        expect("in");
        clause.children.push_back(disjunction());
        while (take("if")) {
            clause.children.push_back(disjunction());
        }
        shell.children.push_back(asynchronous ? refuse("AsyncFor", clause.begin) : close(std::move(clause)));
    }
    return close(std::move(shell));
}

// What `for` assigns to: operands without comparisons, so that `in` is left for the caller.
Expression ExpressionParser::target_list(std::uint32_t begin) {
    Expression first = at("*") ? starred() : primary();
    if (at(",")) {
        Expression tuple = open(ExpressionKind::Tuple, begin);
        tuple.children.push_back(std::move(first));
        while (take(",") && !at("in")) {
            tuple.children.push_back(at("*") ? starred() : primary());
        }
        first = close(std::move(tuple));
    }
    check_target(first);
    return first;
}

} // namespace birdhouse::syntax
