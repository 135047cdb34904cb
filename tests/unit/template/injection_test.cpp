// What a request sends must stay a value: whatever it holds, the SQL around it keeps its shape.
#include "syntax/sql_tokens.hpp"
#include "unit/template/rendering.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::render_with;

namespace {

const std::vector<std::string> kHostile = {
    "'",
    "\\'",
    "\\",
    "\\\\'",
    "' OR 1=1 --",
    "'; DROP TABLE t; --",
    "`",
    "\\`",
    "` FROM secrets --",
    "\"",
    "\\\"",
    "*/",
    "/*",
    "--",
    "\n-- x",
    "#",
    "{{x}}",
    "{% if x %}",
    "{a: String}",
    "%",
    "%'",
    "\x1A'",
    "\xC0\xA7",
    "\xE2\x80\x98",
    "$tag$'$tag$",
    "x, (SELECT 1)",
    "x) FROM t --",
    "a.b.`c",
    std::string("\0'", 2),
    "\xFF'",
    "'||'",
    "]",
    "[',']",
    "0x27",
    "1; SELECT",
    "1' OR '1",
    "2024-01-01 00:00:00' OR 1=1 --",
    "1\n; SELECT 2",
};

// The kinds of significant tokens: equal for equal shapes. Ints and floats count as one kind.
std::vector<syntax::SqlTokenKind> shape(const std::string& sql) {
    std::vector<syntax::SqlTokenKind> kinds;
    for (const syntax::SqlToken& token : syntax::tokenize_sql(sql)) {
        if (syntax::is_significant(token)) {
            kinds.push_back(token.kind);
            CHECK(token.closed);
        }
    }
    return kinds;
}

std::string render_hostile(const std::string& text, const std::string& value) {
    syntax::RenderInput input;
    input.parameters.emplace_back("v", syntax::make_text(value));
    return render_with(text, input);
}

} // namespace

TEST_CASE("hostile text stays inside of its quotes") {
    for (const std::string& value : kHostile) {
        INFO("value " << value);
        for (const std::string text :
             {"SELECT {{v}} FROM t", "SELECT {{String(v)}} FROM t", "SELECT {{v + v}} FROM t",
              "SELECT {{String(v, 'd').replace('a', 'b')}} FROM t", "SELECT {{v[0]}} FROM t",
              "{% set w = v %}SELECT {{w}} FROM t", "SELECT {{f'{v}'}} FROM t"}) {
            CHECK(shape(render_hostile(text, value)) == shape("SELECT 'x' FROM t"));
        }
    }
}

TEST_CASE("hostile names stay inside of their back-quotes") {
    for (const std::string& value : kHostile) {
        INFO("value " << value);
        CHECK(shape(render_hostile("SELECT {{symbol(v)}} FROM t", value)) == shape("SELECT `x` FROM t"));
        std::string dotted = "`x`";
        for (const char c : value) {
            dotted += c == '.' ? ".`x`" : "";
        }
        CHECK(shape(render_hostile("SELECT {{column(v)}} FROM t", value)) ==
              shape("SELECT " + dotted + " FROM t"));
    }
}

TEST_CASE("hostile items of an array stay inside of their quotes") {
    for (const std::string& value : kHostile) {
        INFO("value " << value);
        std::string items = "'x'";
        for (const char c : value) {
            items += c == ',' ? ",'x'" : "";
        }
        CHECK(shape(render_hostile("SELECT {{Array(v, 'String')}} FROM t", value)) ==
              shape("SELECT [" + items + "] FROM t"));
        CHECK(shape(render_hostile("SELECT {{sql_and(a=v)}} FROM t", value)) ==
              shape("SELECT a = 'x' FROM t"));
    }
}

TEST_CASE("hostile numbers and dates are refused") {
    for (const std::string& value : kHostile) {
        INFO("value " << value);
        for (const std::string text :
             {"{{Int32(v)}}", "{{UInt64(v)}}", "{{Float64(v)}}", "{{Date(v)}}", "{{Array(v, 'Int8')}}"}) {
            const std::string refused = render_hostile(text, value);
            CHECK((refused.starts_with("template: Template Syntax Error: Error validating") ||
                   refused == "' OR 1=1 --"));
        }
        CHECK(render_hostile("SELECT {{Boolean(v)}}", value) == "SELECT 1");
    }
    CHECK(shape(render_hostile("SELECT {{DateTime(v)}} FROM t", "2024-01-01 00:00:00' OR 1=1 --")) ==
          shape("SELECT 'x' FROM t"));
}

TEST_CASE("a value is never read as a template") {
    CHECK(render_hostile("SELECT {{v}}", "{{Int32(1)}}{% set x = 1 %}") ==
          "SELECT '{{Int32(1)}}{\\% set x = 1 \\%}'");
}
