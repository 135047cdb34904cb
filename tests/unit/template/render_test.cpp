#include "unit/template/rendering.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::input_of;
using birdhouse::testing::render_query;
using birdhouse::testing::render_with;
using birdhouse::testing::try_query;

TEST_CASE("text between tags stays byte for byte") {
    CHECK(render_query("a \r\n\t{{! b }} {%! c %} {#! d #}{# gone\n #}{x}{") ==
          "a \r\n\t{{ b }} {% c %} {# d #}{x}{");
    CHECK(render_query("{{{a}}}", R"({"a": 1})") == "{1}");
    CHECK(render_query("{% whitespace single %}a  b \n \n c <pre>  </pre>{% whitespace oneline %} \n d") ==
          "a  b \n \n c <pre>  </pre> d");
}

TEST_CASE("only a leading percent makes a node a template") {
    CHECK(syntax::template_part("  \n%SELECT 1 % 2\n") == "SELECT 1 % 2");
    CHECK(syntax::template_part("%%") == "%");
    CHECK(syntax::template_part("SELECT 1 % 2") == std::nullopt);
    CHECK(syntax::template_part("") == std::nullopt);
}

TEST_CASE("each kind of value prints in its own way") {
    CHECK(render_query("{{a}} {{b}} {{c}} {{d}} {{e}}",
                       R"({"a": "it's", "b": 5, "c": true, "d": [1, "x"], "e": 1e20})") ==
          "'it\\'s' 5 True [1, 'x'] 1e+20");
    CHECK(render_query("{{Int32(a)}} {{Int(a)}} {{-Int32(a)}} {{min(Int32(a), 9)}} {{Float32(a)}} "
                       "{{[Int32(a), columns('x')]}}",
                       R"({"a": "3"})") == "toInt32('3') 3 -3 toInt32('3') toFloat32('3.0') [3, '`x`']");
    CHECK(render_query("{% set w = columns('a,b') %}{{w}} {{w + 'c'}}") == "`a`,`b` '\\`a\\`,\\`b\\`c'");
    CHECK(render_query("{{a, b}}").starts_with("value: "));
}

TEST_CASE("blocks run as in Python") {
    CHECK(render_query("{% for i, x in enumerate('ab') %}{{i}}{% else %}.{% end %}") == "01.");
    CHECK(render_query("{% for x in [1,2,3] %}{% if x == 2 %}{% continue %}{% end %}{{x}}{% end %}") == "13");
    CHECK(render_query(
              "{% for x in [1,2,3] %}{% if x == 2 %}{% break %}{% end %}{{x}}{% else %}.{% end %}{{x}}") ==
          "12");
    CHECK(render_query("{% set i = 0 %}{% while i < 3 %}{{i}}{% set i += 1 %}{% else %}.{% end %}") ==
          "012.");
    CHECK(render_query("{% set a, (b, c) = 1, [2, 3]; d = e = a + c %}{{a}}{{b}}{{c}}{{d}}{{e}}") == "12344");
    CHECK(
        render_query("{% set d = {} %}{% set d['k'] = 1 %}{% set l = [0] %}{% set l[-1] = 5 %}{{d}}{{l}}") ==
        "{'k': 1}[5]");
}

TEST_CASE("try catches Python's exceptions by class and keeps what was written before") {
    CHECK(render_query("{% try %}A{{Int8('x')}}{% except ValueError as e %}[{{e}}]{% finally %}F{% end %}") ==
          "A[Error validating 'x' to type Int8]F");
    CHECK(render_query("{% try %}{{ {}['k'] }}{% except (TypeError, LookupError) %}L{% end %}") == "L");
    CHECK(render_query("{% try %}{{ {}['k'] }}{% except ValueError %}L{% finally %}F{% end %}") ==
          "key: 'k'");
    CHECK(render_query("{% try %}1{% except %}2{% else %}3{% finally %}4{% end %}") == "134");
    auto brief = input_of("{}");
    brief.most_steps = 1000;
    CHECK(render_with("{% try %}{% while True %}{% end %}{% except %}caught{% end %}", brief) ==
          "limit: the template takes more than 1,000 steps");
}

TEST_CASE("a name that the node assigns anywhere is local everywhere") {
    const std::string unbound =
        "template: Template Syntax Error: cannot access local variable 'a' where it is not "
        "associated with a value";
    CHECK(render_query("{{a}}{% if False %}{% set a = 1 %}{% end %}", R"({"a": "x"})") == unbound);
    CHECK(render_query("{% for a in a %}{% end %}", R"({"a": "x"})") == unbound);
    CHECK(render_query("{% set a = 5 %}{{a}}", R"({"a": "x"})") == "5");
}

TEST_CASE("blocks and tags that are broken are named with their line") {
    CHECK(render_query("a\n{% if x %}\n{% for y in x %}") ==
          "parse: Missing {% end %} block for if at line 3");
    CHECK(render_query("{% elif x %}") == "parse: elif outside {'if'} block at <string>:1");
    CHECK(render_query("{% try %}{% else %}{% end %}").starts_with("syntax: "));
    CHECK(render_query("{% if a %}{% else %}{% elif b %}{% end %}").starts_with("syntax: "));
    CHECK(render_query("\n{% else %}") ==
          "parse: else outside {'for', 'if', 'try', 'while'} block at <string>:2");
    CHECK(render_query("{% block b %}{% end %}") == "parse: block is forbidden at <string>:1");
    CHECK(render_query("\n\n{{ a") == "parse: Missing end expression }} at <string>:3");
    CHECK(render_query("{% break %}") == "parse: break outside {'for', 'while'} block at <string>:1");
    CHECK(render_query("{{ from_x + }}") == "parse: \"from\" is a forbidden word at <string>:1");
}

TEST_CASE("the name of the text stands in the message of a broken tag") {
    const auto broken = syntax::parse_template_text("{% if x %}", syntax::TemplateDialect::Query, "endpoint");
    CHECK(std::get<syntax::TemplateError>(broken).message ==
          "Missing {% end %} block for if in the node endpoint at line 1 of the SQL: {% if x %}");
    const auto empty = syntax::parse_template_text("{{ }}", syntax::TemplateDialect::Query, "endpoint");
    CHECK(std::get<syntax::TemplateError>(empty).message == "Empty expression at endpoint:1");
}

TEST_CASE("what the template reads is told before what it compiles") {
    CHECK(render_query("{% set x = ( %}{{ a | b }}") ==
          "template: Template Syntax Error: Invalid BinOp: BitOr()");
}

TEST_CASE("settings, secrets and warnings come with the text") {
    auto input = input_of(R"({"pipeline": "x"})");
    input.secrets = {"key"};
    const auto parsed = syntax::parse_template_text(
        "{{max_threads(4)}}{{cache_ttl('5m')}}{{String(pipeline)}} {{tb_secret('key')}} {{tb_var('key')}}",
        syntax::TemplateDialect::Query);
    const auto result = syntax::render(std::get<syntax::Template>(parsed), input);
    const auto& rendered = std::get<syntax::Rendered>(result);
    CHECK(rendered.text == "-- max_threads 4\n-- cache_ttl 5m\n'x' {key: String} {key: String}");
    CHECK(rendered.secrets == std::vector<std::string>{"key"});
    CHECK(rendered.warnings == std::vector<std::string>{"pipeline"});
    CHECK(rendered.settings.size() == 2);
    CHECK(syntax::write_json(rendered.settings.at("max_threads")) == "4");
}

TEST_CASE("custom_error carries its object and code") {
    const auto parsed = syntax::parse_template_text(
        "{{custom_error({'error': 'no \"x\"', 'n': [1, None]}, 403)}}", syntax::TemplateDialect::Query);
    const auto result = syntax::render(std::get<syntax::Template>(parsed), {});
    const auto& error = std::get<syntax::TemplateError>(result);
    CHECK(error.kind == syntax::TemplateErrorKind::Custom);
    CHECK(error.custom_body == R"({"error": "no \"x\"", "n": [1, null]})");
    CHECK(error.custom_code == 403);
}

TEST_CASE("in test mode absent parameters become placeholders that every function takes") {
    CHECK(try_query("{{a}} {{Int8(b)}} {{Int(b)}} {{Date(c)}} {{symbol(d)}} {{table(d)}} {{Array(e, "
                    "'Int8')}} {{Array(f)}}") ==
          "'__no_value__' toInt8('0') 0 '2019-01-01' `placeholder` placeholder [0,0] ['']");
    CHECK(try_query("{{Int8(a, 7)}} {{Int8(a, 0)}} {{String(a, '')}} {{String(b)}}", R"({"b": "given"})") ==
          "toInt8('7') toInt8('0') '__no_value__' 'given'");
    CHECK(try_query("{% for x in a %}{{x}}{% end %}{% if defined(a) %}d{% end %}{% if a == 'x' %}e{% end "
                    "%}{{day_diff(a, b)}}") == "'__no_value__''__no_value__''__no_value__'0");
    CHECK(try_query("{{error('stop')}}x") == "-- {x} \nx");
    CHECK(try_query("{% if foo(a) %}{% end %}") ==
          "template: Template Syntax Error: 'foo' is not a valid function, line 1");
}

TEST_CASE("the job's timestamp is filled in when the template asks for it") {
    auto input = input_of("{}");
    input.job_timestamp = "2024-01-05 10:11:12";
    CHECK(render_with("{{String(job_timestamp)}}", input) == "'2024-01-05 10:11:12'");
}

TEST_CASE("rendering leaves the caller's lists alone") {
    auto input = input_of(R"({"a": [1]})");
    const std::string text = "{% set a2 = a %}{% set a2.append(2) %}{{a}}";
    CHECK(render_with(text, input) == "[1, 2]");
    CHECK(render_with(text, input) == "[1, 2]");
}
