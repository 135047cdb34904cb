// Templates that ask for too much end with a clear error, soon.
#include "unit/template/rendering.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::render_query;
using birdhouse::testing::render_with;

namespace {

std::string repeat(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

// Fewer steps than a template may take by default, so that the test is soon over.
std::string render_briefly(const std::string& text) {
    auto input = birdhouse::testing::input_of("{}");
    input.most_steps = 20'000;
    return render_with(text, input);
}

} // namespace

TEST_CASE("steps are counted") {
    const std::string limit = "limit: the template takes more than 20,000 steps";
    CHECK(render_briefly("{% while True %}{% end %}") == limit);
    CHECK(render_briefly("{% for a in range(2000) %}{% for b in range(2000) %}{% end %}{% end %}") == limit);
    CHECK(render_briefly("{% set x = range(10000000000) %}") == limit);
    CHECK(render_briefly("{% set x = [0] * 100000000 %}") == limit);
    CHECK(render_briefly("{% set x = [y for y in range(999) for z in range(9999)] %}") == limit);
    CHECK(
        render_briefly("{% set l = [1] %}{% for i in range(60) %}{% set l = [l, l] %}{% end %}{% if l == l + "
                       "[] %}{% end %}") == limit);
}

TEST_CASE("text is counted") {
    CHECK(render_query("{% set s = 'a' %}{% while True %}{% set s = s + s %}{% end %}") ==
          "limit: a text is longer than 16 MiB");
    CHECK(render_query("{% set s = 'a' * 100000000000 %}") == "limit: a text is longer than 16 MiB");
    CHECK(render_query("{% set s = 'ab' * 1000000 %}{% set t = s.replace('a', s) %}") ==
          "limit: a text is longer than 16 MiB");
    CHECK(render_query("{% set s = 'a' * 10000000 %}{{s}}{{s}}") ==
          "limit: the output is longer than 16777216 bytes");
    CHECK(render_query("{% set l = [1] %}{% for i in range(60) %}{% set l = [l, l] %}{% end %}{{l}}") ==
          "limit: the output is longer than 16777216 bytes");
}

TEST_CASE("nesting is counted") {
    CHECK(render_query("{% set x = " + repeat("(", 200) + "1" + repeat(")", 200) + " %}") ==
          "limit: the expression is nested more than 100 deep");
    CHECK(render_query("{% set x = " + repeat("-", 5000) + "1 %}") ==
          "limit: the expression is nested more than 100 deep");
    CHECK(render_query("{% set x = " + repeat("not ", 5000) + "1 %}") ==
          "limit: the expression is nested more than 100 deep");
    CHECK(render_query("{% set x = 1" + repeat(" + 1", 5000) + " %}") ==
          "limit: the expression is more than 200 operations deep");
    CHECK(render_query("{% set x = 1" + repeat(" + 1", 150) + " %}{{x}}") == "151");
    CHECK(render_query("{% set x = a" + repeat(".b", 5000) + " %}") ==
          "limit: the expression is more than 200 operations deep");
    CHECK(render_query(repeat("{% if 1 %}", 101) + repeat("{% end %}", 101)) ==
          "limit: blocks are nested more than 100 deep");
    CHECK(render_query("{% set l = [] %}{% while True %}{% set l = [l] %}{% end %}") ==
          "limit: lists are nested more than 100 deep");
    CHECK(render_query("{{JSON(a)}}", "{\"a\": \"" + repeat("[", 150) + "\"}").find("Nested too deep") !=
          std::string::npos);
}

TEST_CASE("no value can hold itself") {
    const std::string refused =
        "unsupported: a list or dict put into a list that is itself inside of another is not supported here";
    CHECK(render_query("{% set l = [] %}{% set l.append(l) %}") == refused);
    CHECK(render_query("{% set l = [] %}{% set m = [l] %}{% set l.append(m) %}") == refused);
    CHECK(render_query("{% set l = [[]] %}{% set l[0].append(1) %}{{l}}") == "[[1]]");
    CHECK(render_query("{% set d = {} %}{% set d['x'] = d %}") ==
          "unsupported: a dict inside of itself is not supported here");
}

TEST_CASE("large templates are read in linear time") {
    const std::string many = repeat("{{Int32(a, 1)}} {# x #} ", 20000);
    CHECK(render_query(many).size() == 20000 * 14);
    const std::string flat = repeat("{%", 100000);
    CHECK(render_query(flat) == "parse: Missing end block %} at <string>:1");
    CHECK(render_query(repeat("{", 1000000)) == "parse: Missing end expression }} at <string>:1");
    CHECK(render_query(repeat("<", 1000000)).size() == 1000000);
}
