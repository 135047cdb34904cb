#include "syntax/sql_scan.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::syntax;

TEST_CASE("parentheses round the whole are taken off") {
    CHECK(without_outer_parentheses("(a)") == "a");
    CHECK(without_outer_parentheses(" ( (a, b) ) ") == "a, b");
    CHECK(without_outer_parentheses("(a)(b)") == "(a)(b)");
    CHECK(without_outer_parentheses("(a) + (b)") == "(a) + (b)");
    CHECK(without_outer_parentheses("((a) + (b))") == "(a) + (b)");
    CHECK(without_outer_parentheses("tuple()") == "tuple()");
    CHECK(without_outer_parentheses("(')')") == "')'");
    CHECK(without_outer_parentheses("()").empty());
    CHECK(without_outer_parentheses("").empty());
    CHECK(without_outer_parentheses("(a") == "(a");
    CHECK(without_outer_parentheses("a)") == "a)");
    CHECK(without_outer_parentheses(")(") == ")(");
}

TEST_CASE("a list has a comma outside of parentheses, brackets and strings") {
    CHECK(is_list("a, b"));
    CHECK_FALSE(is_list("f(a, b)"));
    CHECK_FALSE(is_list("[a, b]"));
    CHECK_FALSE(is_list("'a, b'"));
    CHECK_FALSE(is_list(""));
}

TEST_CASE("a list is split at its own commas") {
    CHECK(split_list("a = 'x, y', b = f(1, 2) ,c") ==
          std::vector<std::string>{"a = 'x, y'", "b = f(1, 2)", "c"});
    CHECK(split_list("a,") == std::vector<std::string>{"a", ""});
    CHECK(split_list("  ").empty());
}

TEST_CASE("a text of nothing but parentheses is scanned once") {
    const std::string deep = std::string(500000, '(') + "x" + std::string(500000, ')');
    CHECK(without_outer_parentheses(deep) == "x");
}
