// Expressions as statements compute them: each row was compared with CPython 3.11.
#include "unit/template/rendering.hpp"

#include <catch2/catch.hpp>

using birdhouse::testing::render_query;

namespace {

// The value in a list, so that it prints as Python's repr().
std::string compute(const std::string& expression) {
    return render_query("{% set r = [" + expression + "] %}{{r}}");
}

} // namespace

TEST_CASE("numbers compute as in Python") {
    CHECK(compute("1+2*3, 7//2, -7//2, -7%3, 7%-3, 2**10, 2**-1, -2**2, 2**3**2") ==
          "[7, 3, -4, 2, -2, 1024, 0.5, -4, 512]");
    CHECK(compute("1/2, 7.5//2, -7.5%2, 0.1+0.2, True+True, -True, 1_000, 0xff, 0b101, 0o17") ==
          "[0.5, 3.0, 0.5, 0.30000000000000004, 2, -1, 1000, 255, 5, 15]");
    CHECK(
        compute("round(2.5), round(3.5), round(2.675, 2), abs(-2.5), int(-3.9), int(' -5 '), float('1e3')") ==
        "[2, 4, 2.67, 2.5, -3, -5, 1000.0]");
    CHECK(compute("9223372036854775807 + 1") ==
          "unsupported: a number past 64 bits in a computation is not supported here");
    CHECK(compute("1//0") == "other: integer division or modulo by zero");
    CHECK(compute("1.0/0") == "other: float division by zero");
}

TEST_CASE("texts are cut and searched by characters") {
    CHECK(
        compute("'ñé漢😀'[1:3], 'abcdef'[::-1], 'abcdef'[4:1:-1], 'abc'[-1], len('漢😀'), 'é漢x'.find('x')") ==
        "['é漢', 'fedcba', 'edc', 'c', 2, 2]");
    CHECK(compute("' a  b '.split(), 'a,b,,c'.split(','), 'a,b,c'.split(',', 1), '-'.join('abc')") ==
          "[['a', 'b'], ['a', 'b', '', 'c'], ['a', 'b,c'], 'a-b-c']");
    CHECK(compute("'it\\'s a'.title(), 'ÀÉ'.lower(), 'привет'.upper(), '漢字'.lower(), 'xxaxx'.strip('x')") ==
          "[\"It'S A\", 'àé', 'ПРИВЕТ', '漢字', 'a']");
    CHECK(compute("'ĳ'.upper()").starts_with("unsupported: "));
    CHECK(compute("'abc'.zfill(5)") == "unsupported: the text method `zfill` is not supported here");
}

TEST_CASE("literals read as in Python") {
    CHECK(compute(R"('a' "b", r'a\nb', '\101\x41\u00e9\q', f'{1+1}{"x"!r}a{{}}', "it's")") ==
          R"(['ab', 'a\\nb', 'AAé\\q', "2'x'a{}", "it's"])");
    CHECK(compute("'%s-%d%%' % ('a', 3)") == "['a-3%']");
}

TEST_CASE("comparisons chain, and kinds that have no order say so") {
    CHECK(compute("1 < 2 < 3, 1 < 3 < 2, '1' == 1, 1 == 1.0, [1,2] < [1,3], 'x' in 'axb', 3 not in (1,2), "
                  "None is None") == "[True, False, False, True, True, True, True, True]");
    CHECK(compute("1 < 'a'") == "value: '<' not supported between instances of 'int' and 'str'");
    CHECK(compute("'' or 'd', 1 and 0, not '', 'a' if 0 else 'b'") == "['d', 0, True, 'b']");
}

TEST_CASE("comprehensions have a scope of their own") {
    CHECK(compute("[x*2 for x in [1,2,3] if x > 1], {x: x*x for x in range(3)}, [(a,b) for a in 'xy' for b "
                  "in [1,2]]") == "[[4, 6], {0: 0, 1: 1, 2: 4}, [('x', 1), ('x', 2), ('y', 1), ('y', 2)]]");
    CHECK(render_query("{% set r = [a for a in ['i']] %}{{r}}{{a}}", R"({"a": "given"})") == "['i']'given'");
    CHECK(compute("sum(x for x in [1,2,3]), sorted([3,1,2], reverse=True), list(zip([1,2],'ab')), "
                  "list(enumerate('a', 1))") == "[6, [3, 2, 1], [(1, 'a'), (2, 'b')], [(1, 'a')]]");
}

TEST_CASE("Python outside of the subset is refused by name") {
    CHECK(compute("lambda x: x") == "unsupported: Python's `Lambda` is not supported here");
    CHECK(compute("1 | 2") == "unsupported: the operator `|` is not supported here");
    CHECK(compute("[*'ab'][0]") == "unsupported: Python's `Starred` is not supported here");
    CHECK(compute("b'x'") == "unsupported: a constant of the kind `bytes` is not supported here");
    CHECK(render_query("{% set del x %}") == "unsupported: Python's `Delete` is not supported here");
    CHECK(render_query("{% set x: int = 1 %}") == "unsupported: Python's `AnnAssign` is not supported here");
    CHECK(compute("map(str, [1])") == "unsupported: the function `map` is not supported here");
    CHECK(compute("f'{1:>5}'") == "unsupported: the format `:>5` is not supported here");
    CHECK(compute("'{}'.format(1)") == "value: \"format\" can not be used as a variable name, line 1");
}

TEST_CASE("what does not read is a syntax error with its reason") {
    CHECK(render_query("{% set x = (1 %}") == "syntax: a bracket is never closed");
    CHECK(render_query("{% set x = 1a %}") == "syntax: `1a` is not a number");
    CHECK(render_query("{% if a = 1 %}{% end %}") == "syntax: expected the end of the expression, found `=`");
    CHECK(render_query("{% if %}{% end %}") == "syntax: expected a value, and the text ends");
    CHECK(render_query("{% set x = 1\n+ 2 %}") == "syntax: a line end stands outside of brackets");
    CHECK(render_query("{% set x = (1\n+ 2) %}{{x}}") == "3");
    CHECK(render_query("{% set f(x) = 1 %}") == "syntax: nothing can be assigned to this");
}
