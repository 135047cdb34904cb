#include "syntax/value_text.hpp"
#include "unit/template/rendering.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace birdhouse::syntax;
using birdhouse::testing::render_query;

namespace {

// "name Type default keyword=value", a line a parameter.
std::string extract(const std::string& text) {
    const auto parsed = parse_template_text(text, TemplateDialect::Query);
    std::string out;
    for (const TemplateParameter& found : extract_parameters(std::get<Template>(parsed))) {
        out += found.name + " " + found.type + " " + repr_of(found.default_value) +
               (found.in_call ? " in_call" : "");
        for (const auto& [keyword, value] : found.keywords) {
            out += " " + keyword + "=" + repr_of(value);
        }
        out += "\n";
    }
    return out;
}

} // namespace

TEST_CASE("values are checked against their type and normalised") {
    CHECK(render_query("{{Int8(a)}}{{Int16(b)}}{{UInt128(c)}}", R"({"a": "+007", "b": "-0\n", "c": "+5"})") ==
          "toInt8('7')toInt16('0')toUInt128('5')");
    CHECK(render_query("{{UInt8(a)}}", R"({"a": "+5"})") ==
          "template: Template Syntax Error: Error validating '+5' to type UInt8");
    CHECK(render_query("{{UInt8(a)}}", R"({"a": "256"})") ==
          "template: Template Syntax Error: Error validating '256' to type UInt8");
    CHECK(render_query("{{Int32(a)}}", R"({"a": "٣٤"})") == "toInt32('34')");
    CHECK(render_query("{{Float64(a)}}", R"({"a": "1_0"})") ==
          "template: Template Syntax Error: Error validating '1_0' to type Float64");
    CHECK(render_query("{{DateTime64(a)}}", R"({"a": "05.01.2024 1:2:123"})") == "'05.01.2024 1:2:123'");
    CHECK(render_query("{{Date(a)}}", R"({"a": "2024-01-05 "})").starts_with("template: "));
    CHECK(render_query("{{DateTime(a)}}", R"({"a": "2024-01-05 10:11:12 anything"})") ==
          "'2024-01-05 10:11:12 anything'");
}

TEST_CASE("a missing value is named with all that have no default") {
    CHECK(render_query("{{String(a)}}{{Int8(b, 1)}}{{Int8(c)}}{{Int8(d)}}", R"({"a": "x"})") ==
          "template: Template Syntax Error: Required parameter is not defined. Check the parameters a, c and "
          "d. Please "
          "provide a value or set a default value in the pipe code.");
}

TEST_CASE("the first mention of a parameter decides whether it is a list for the node") {
    CHECK(render_query("{{Array(a, 'Int32')}}{% for v in a %}<{{v}}>{% end %}", R"({"a": "1,2"})") ==
          "[1,2]<1><2>");
    CHECK(render_query("{% for v in a %}<{{v}}>{% end %}{{Array(a, 'Int32')}}", R"({"a": "1,2"})") ==
          "<'1'><','><'2'>[1,2]");
    CHECK(render_query("{{a}}{{Array(a)}}", R"({"a": "x,y"})") == "['x', 'y']['x','y']");
    CHECK(render_query("{{Array(a)}}", R"({"a": "50%"})") == "['50\\\\\\%']");
    CHECK(render_query("{{Array(a, 'Float64')}}{{a}}", R"({"a": "1,nan"})") == "[1.0,nan]'1,nan'");
}

TEST_CASE("names win over functions as the service has it") {
    CHECK(render_query("{{column(a)}}{{symbol(a)}}", R"({"a": "x", "column": "boom"})") == "`x``x`");
    const std::string wrong = "template: Template Syntax Error: wrong syntax, you might be using a not valid "
                              "function inside a control block";
    CHECK(render_query("{{symbol(a)}}", R"({"a": "x", "symbol": "boom"})") == wrong);
    CHECK(render_query("{{len(a)}}", R"({"a": "x", "len": "boom"})") == wrong);
    CHECK(render_query("{{String(type, 'd')}}", R"({"type": "t"})") == "'t'");
    CHECK(render_query("{{String(q)}}") == "value: \"q\" can not be used as a variable name, line 1");
}

TEST_CASE("parameters are found body first, then the condition") {
    CHECK(extract("{% if defined(a) and b > 1 %}{{String(c, 'x', description='D')}}{% elif d %}{{Array(e, "
                  "'Int8', '1,2')}}{% else %}{{f}}{% end %}") ==
          "c String 'x' description='D'\nd String None\ne Array(Int8) '1,2'\nf String None\na String None "
          "in_call\nb String None\n");
}

TEST_CASE("Int and symbol hide their parameters, lists and signs are read as defaults") {
    CHECK(extract("{{Int(a)}}{{symbol(b)}}{{Int32(c, -5)}}{{String(d, ['x', -1])}}{{String(e + '_x', "
                  "'d')}}{{UInt64(f, 18446744073709551615)}}") ==
          "c Int32 -5\nd String ['x', -1]\ne String None\nf UInt64 '18446744073709551615'\n");
}

TEST_CASE("uses of one parameter are merged into one entry") {
    const auto parsed = parse_template_text(
        "{{String(a, required=False)}}{{Int8(a, 3, description='n')}}{% if defined(a) %}{% end %}{{Date(b)}}",
        TemplateDialect::Query);
    const auto merged = merge_parameters(extract_parameters(std::get<Template>(parsed)));
    REQUIRE(merged.size() == 2);
    CHECK(merged[0].name == "a");
    CHECK(merged[0].type == "Int8");
    CHECK(repr_of(merged[0].default_value) == "3");
    CHECK(merged[0].description == "n");
    CHECK_FALSE(merged[0].required);
    CHECK(merged[1].type == "Date");
    CHECK(merged[1].required);
}

TEST_CASE("a default of 0 or of no text is one, until a use has another") {
    const auto parsed = parse_template_text(
        "{{Int8(a, 5)}}{{Int8(a, 0)}}{{Float64(b, 0)}}{{String(c, '')}}{{Boolean(d, False)}}{{Int8(e)}}",
        TemplateDialect::Query);
    std::string defaults;
    for (const MergedParameter& one : merge_parameters(extract_parameters(std::get<Template>(parsed)))) {
        defaults += one.name + " " + repr_of(one.default_value) + "\n";
    }
    CHECK(defaults == "a 5\nb 0\nc ''\nd False\ne None\n");
}

TEST_CASE("differences between dates follow their format") {
    const std::string dates =
        R"({"a": "2024-01-05T10:00:00Z", "b": "2024-1-5t12:30:00z", "c": "Jan 5 2024", "d": "february 1 2024"})";
    CHECK(render_query("{{date_diff_in_hours(a, b, '%Y-%m-%dT%H:%M:%SZ')}} {{date_diff_in_minutes(b, a, "
                       "'%Y-%m-%dT%H:%M:%SZ')}}",
                       dates) == "2 150");
    CHECK(render_query("{{date_diff_in_days(c, d, '%b %d %Y', backup_date_format='%B %d %Y')}}", dates) ==
          "27");
    CHECK(render_query(
              "{% set n = date_diff_in_days(a, 'x', none_if_error=True) %}{% if n is None %}none{% end %}",
              dates) == "none");
    CHECK(render_query("{{date_diff_in_days(a, b, '%j')}}", dates) ==
          "unsupported: the date format `%j` is not supported here");
}
