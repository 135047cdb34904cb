#include "syntax/value_json.hpp"
#include "syntax/value_text.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace birdhouse::syntax;

namespace {

std::string reread_json(std::string_view text) {
    const auto read = read_json(text);
    const auto* fault = std::get_if<JsonFault>(&read);
    return fault != nullptr ? fault->message : repr_of(std::get<Value>(read));
}

} // namespace

TEST_CASE("floats print the shortest digits that read back, as Python does") {
    CHECK(float_text(1) == "1.0");
    CHECK(float_text(0.1) == "0.1");
    CHECK(float_text(-0.0) == "-0.0");
    CHECK(float_text(1e16) == "1e+16");
    CHECK(float_text(9999999999999998.0) == "9999999999999998.0");
    CHECK(float_text(0.0001) == "0.0001");
    CHECK(float_text(0.00001) == "1e-05");
    CHECK(float_text(1.5e17) == "1.5e+17");
    CHECK(float_text(5e-324) == "5e-324");
    CHECK(float_text(-std::numeric_limits<double>::infinity()) == "-inf");
    CHECK(float_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("floats are read with blanks, signs and words, and nothing else") {
    CHECK(read_float(" +1.5 ") == 1.5);
    CHECK(read_float("1e400") == std::numeric_limits<double>::infinity());
    CHECK(read_float("-1e400") == -std::numeric_limits<double>::infinity());
    CHECK(read_float("1e-400") == 0.0);
    CHECK(read_float("-InFinity") == -std::numeric_limits<double>::infinity());
    CHECK(read_float("1_0") == 10.0);
    for (const char* text : {"", " ", "+", "1,5", "0x10", "1e", "--1", "1 2", "_1", "1_", "infinit"}) {
        CHECK(read_float(text) == std::nullopt);
    }
}

TEST_CASE("texts choose their quotes and escape what cannot be printed") {
    CHECK(repr_of(make_text("it's")) == "\"it's\"");
    CHECK(repr_of(make_text("it's \"x\"")) == "'it\\'s \"x\"'");
    CHECK(repr_of(make_text("a\n\t\r\\")) == "'a\\n\\t\\r\\\\'");
    CHECK(repr_of(make_text(std::string("\0\x7F", 2))) == "'\\x00\\x7f'");
    CHECK(repr_of(make_text("é\u200b\U000E0001")) == "'é\\u200b\\U000e0001'");
}

TEST_CASE("containers print their items, one of a kind with its comma") {
    CHECK(repr_of(make_tuple({make_integer(1)})) == "(1,)");
    CHECK(repr_of(make_tuple({})) == "()");
    CHECK(
        repr_of(make_list(
            {{}, make_bool(true), make_float(2), make_integer(3, "Int8"), make_text("x", TextKind::Raw)})) ==
        "[None, True, 2.0, 3, 'x']");
    CHECK(repr_of(make_dict({{make_text("a"), make_integer(1)}, {make_text("a"), make_integer(2)}})) ==
          "{'a': 2}");
    CHECK(repr_of(make_set({})) == "set()");
    CHECK(repr_of(make_set({make_integer(1), make_float(1), make_bool(true)})) == "{1}");
}

TEST_CASE("whole numbers past 64 bits keep their digits and their order") {
    const Integer large =
        *read_integer("115792089237316195423570985008687907853269984665640564039457584007913129639935");
    CHECK_FALSE(large.is_small());
    CHECK(compare(large, *read_integer("9223372036854775808")) > 0);
    CHECK(compare(*read_integer("-9223372036854775809"), *read_integer("5")) < 0);
    CHECK(compare(*read_integer("-18446744073709551616"), *read_integer("-18446744073709551615")) < 0);
    CHECK(integer_text(*read_integer("-0007")) == "-7");
    CHECK(integer_text(*read_integer("-0")) == "0");
}

TEST_CASE("a value that repeats itself is cut, not printed for ever") {
    Value list = make_list({make_integer(1)});
    for (int i = 0; i < 60; ++i) {
        list = make_list({list, list});
    }
    CHECK(repr_of(list, 1000).size() < 2000);
    std::size_t work = 1000;
    CHECK_FALSE(equal(list, deep_copy(list), work));
    CHECK(work == 0);
}

TEST_CASE("JSON is read as Python reads it") {
    CHECK(reread_json(" {\"a\": [1, -2.50, 1e3, true, null], \"b\": \"\\u00e9\\ud83d\\ude00\"} ") ==
          "{'a': [1, -2.5, 1000.0, True, None], 'b': 'é😀'}");
    CHECK(reread_json("[NaN, -Infinity, 123456789012345678901]") == "[nan, -inf, 123456789012345678901]");
    CHECK(reread_json("\"\\ud83d\"") == "'\uFFFD'");
}

TEST_CASE("JSON faults have Python's words and place") {
    CHECK(reread_json("") == "Expecting value: line 1 column 1 (char 0)");
    CHECK(reread_json("[1,\n]") == "Expecting value: line 2 column 1 (char 4)");
    CHECK(reread_json("{\"é\" 1}") == "Expecting ':' delimiter: line 1 column 6 (char 5)");
    CHECK(reread_json("[1 2]") == "Expecting ',' delimiter: line 1 column 4 (char 3)");
    CHECK(reread_json("{a: 1}") ==
          "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)");
    CHECK(reread_json("\"abc") == "Unterminated string starting at: line 1 column 1 (char 0)");
    CHECK(reread_json("[] x") == "Extra data: line 1 column 4 (char 3)");
    CHECK(reread_json(std::string(200, '[')) == "Nested too deep: line 1 column 101 (char 100)");
}
