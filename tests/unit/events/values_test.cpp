// Every type with the values at its edges: the verdict, and what is written for ClickHouse.
#include "events/checker.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

// The written value, or the code of the reason.
std::string outcome(const EventCase& event_case, const std::string& value) {
    const events::EventSchema schema = compiled(event_case);
    events::EventChecker checker(schema);
    std::string written;
    const events::Verdict& verdict = checker.check("{\"v\":" + value + "}", &written);
    if (!verdict.reasons.empty()) {
        CHECK(written.empty());
        return std::string(verdict.reasons.front().code->id);
    }
    if (written == "{}\n") {
        return "left out";
    }
    REQUIRE(written.starts_with("{\"v\":"));
    return written.substr(5, written.size() - 7);
}

struct ValueCase {
    std::string type;
    std::string value;
    std::string expected;
};

void check_all(const std::vector<ValueCase>& cases, const std::string& options = {}) {
    for (const ValueCase& one : cases) {
        INFO(one.type << " from " << one.value);
        CHECK(outcome(one_column(one.type, options), one.value) == one.expected);
    }
}

constexpr const char* kLargest256 =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

} // namespace

TEST_CASE("integers are taken up to the ends of their range and not beyond") {
    check_all({
        {"UInt8", "255", "255"},
        {"UInt8", "256", "E013"},
        {"UInt8", "-1", "E013"},
        {"UInt8", "-0", "0"},
        {"Int8", "-128", "-128"},
        {"Int8", "-129", "E013"},
        {"Int8", "127", "127"},
        {"Int8", "128", "E013"},
        {"UInt16", "65535", "65535"},
        {"UInt16", "65536", "E013"},
        {"Int16", "-32769", "E013"},
        {"UInt32", "4294967295", "4294967295"},
        {"UInt32", "4294967296", "E013"},
        {"Int32", "-2147483648", "-2147483648"},
        {"UInt64", "18446744073709551615", "18446744073709551615"},
        {"UInt64", "18446744073709551616", "E013"},
        {"Int64", "-9223372036854775808", "-9223372036854775808"},
        {"Int64", "9223372036854775808", "E013"},
        {"UInt128", "340282366920938463463374607431768211455", "340282366920938463463374607431768211455"},
        {"UInt128", "340282366920938463463374607431768211456", "E013"},
        {"Int128", "-170141183460469231731687303715884105729", "E013"},
        {"UInt256", kLargest256, kLargest256},
        {"UInt256", "115792089237316195423570985008687907853269984665640564039457584007913129639936", "E013"},
    });
}

TEST_CASE("a fraction is not an integer, even when it is zero") {
    check_all({{"UInt32", "1.5", "E014"}, {"UInt32", "1.0", "E014"}, {"UInt32", "1e3", "E014"}});
}

TEST_CASE("numbers in quotes go into wide integers only, unless narrow ones are switched on") {
    check_all({
        {"Int64", "\"123\"", "123"},
        {"UInt256", "\"7\"", "7"},
        {"Int64", "\"12x\"", "E015"},
        {"Int64", "\"\"", "E015"},
        {"Int64", "\"9223372036854775808\"", "E013"},
        {"Int16", "\"3\"", "E012"},
        {"UInt8", "true", "1"},
        {"UInt8", "false", "0"},
        {"UInt16", "true", "E012"},
        {"Int8", "true", "E012"},
        {"Int32", "{}", "E012"},
    });
    EventCase narrow = one_column("Int16");
    narrow.rules.numeric_text_into_narrow_integers = true;
    CHECK(outcome(narrow, "\"3\"") == "3");
}

TEST_CASE("floats take any number that stays finite") {
    check_all({
        {"Float32", "1", "1"},
        {"Float32", "-0.25", "-0.25"},
        {"Float32", "3.4e38", "3.4e38"},
        {"Float32", "3.5e38", "E013"},
        {"Float64", "3.5e38", "3.5e38"},
        {"Float64", "1e400", "E013"},
        {"Float64", "1e-400", "1e-400"},
        {"Float64", "\"1\"", "E012"},
        {"Float64", "\"\"", "E012"},
    });
}

TEST_CASE("decimals have as many digits before the point as precision and scale leave") {
    check_all({
        {"Decimal(6, 2)", "9999.99", "9999.99"},
        {"Decimal(6, 2)", "10000", "E013"},
        {"Decimal(6, 2)", "1e3", "1000"},
        {"Decimal(6, 2)", "1e4", "E013"},
        {"Decimal(6, 2)", "\"12.5\"", "12.5"},
        {"Decimal(6, 2)", "\"twelve\"", "E015"},
        {"Decimal(6, 2)", "0.00001", "0.00001"},
        {"Decimal64(4)", "99999999999999.9999", "99999999999999.9999"},
        {"Decimal64(4)", "100000000000000", "E013"},
        {"Decimal(2, 2)", "0.5", "0.5"},
        {"Decimal(2, 2)", "1", "E013"},
        {"Decimal(6, 2)", "true", "E012"},
    });
}

TEST_CASE("texts take texts, and other values as their JSON text") {
    check_all({
        {"String", R"("a\u00e9\n")", R"("a\u00e9\n")"},
        {"String", "1.50", R"("1.50")"},
        {"String", "true", R"("true")"},
        {"String", R"({"a": [1, "b"]})", R"("{\"a\": [1, \"b\"]}")"},
        {"String", "[1]", R"("[1]")"},
        {"LowCardinality(String)", R"("x")", R"("x")"},
        {"FixedString(3)", R"("abc")", R"("abc")"},
        {"FixedString(3)", R"("ab")", R"("ab")"},
        {"FixedString(3)", R"("abcd")", "E016"},
        {"FixedString(3)", "\"éé\"", "E016"},
        {"FixedString(3)", "1", "E012"},
    });
    EventCase strict = one_column("String");
    strict.rules.structures_into_string = false;
    CHECK(outcome(strict, "{}") == "E012");
    CHECK(outcome(strict, "[]") == "E012");
}

TEST_CASE("truth values and identifiers have one form") {
    check_all({
        {"Bool", "true", "true"},
        {"Bool", "\"true\"", "E012"},
        {"Bool", "1", "E012"},
        {"UUID", R"("61f0c404-5cb3-11e7-907b-a6006ad3dba0")", R"("61f0c404-5cb3-11e7-907b-a6006ad3dba0")"},
        {"UUID", R"("61f0c4045cb311e7907ba6006ad3dba0")", "E015"},
        {"UUID", "1", "E012"},
    });
}

TEST_CASE("dates exist in the calendar and in the type") {
    check_all({
        {"Date", R"("2024-02-29")", R"("2024-02-29")"},
        {"Date", R"("2023-02-29")", "E015"},
        {"Date", R"("2023-13-01")", "E015"},
        {"Date", R"("2023-1-01")", "E015"},
        {"Date", R"("1969-12-31")", "E013"},
        {"Date", R"("2149-06-06")", R"("2149-06-06")"},
        {"Date", R"("2149-06-07")", "E013"},
        {"Date32", R"("1900-01-01")", R"("1900-01-01")"},
        {"Date32", R"("1899-12-31")", "E013"},
        {"Date32", R"("2299-12-31")", R"("2299-12-31")"},
        {"Date", "20240101", "E012"},
    });
}

TEST_CASE("times are written in UTC, with as many digits as the column has") {
    check_all({
        {"DateTime", R"("2025-06-18 09:12:03")", R"("2025-06-18 09:12:03")"},
        {"DateTime", R"("2025-06-18T09:12:03.411Z")", R"("2025-06-18 09:12:03")"},
        {"DateTime", R"("2025-06-18T11:12:03+02:00")", R"("2025-06-18 09:12:03")"},
        {"DateTime", R"("2024-12-31T23:30:00-0100")", R"("2025-01-01 00:30:00")"},
        {"DateTime", R"("2106-02-07 06:28:15")", R"("2106-02-07 06:28:15")"},
        {"DateTime", R"("2106-02-07 06:28:16")", "E013"},
        {"DateTime", R"("1970-01-01T00:00:00+00:01")", "E013"},
        {"DateTime64(3)", R"("2025-06-18T09:12:03.411987Z")", R"("2025-06-18 09:12:03.411")"},
        {"DateTime64(6)", R"("2025-06-18T09:12:03.4")", R"("2025-06-18 09:12:03.4")"},
        {"DateTime64(3)", R"("1899-12-31 23:59:59")", "E013"},
        {"DateTime64(9)", R"("2262-04-11 23:47:16")", R"("2262-04-11 23:47:16")"},
        {"DateTime64(9)", R"("2262-04-11 23:47:17")", "E013"},
        {"DateTime64(0)", R"("2025-06-18 09:12:03.9")", R"("2025-06-18 09:12:03")"},
    });
}

TEST_CASE("a time that is none of the documented forms is refused") {
    for (const std::string text :
         {"", "yesterday", "2025-06-18", "2025-06-18 24:00:00", "2025-06-18 09:12", "2025-06-18 09:12:60",
          "2025-06-31 00:00:00", "2025-06-18T09:12:03z", "2025-06-18T09:12:03.Z", "2025-06-18T09:12:03+2",
          "2025-06-18T09:12:03 Z", " 2025-06-18 09:12:03", "18/06/2025 09:12:03"}) {
        INFO(text);
        CHECK(outcome(one_column("DateTime"), "\"" + text + "\"") == "E015");
    }
    CHECK(outcome(one_column("DateTime"), "1718701923") == "E012");
}

TEST_CASE("a column in a time zone of its own gets moments as UTC and plain texts as they are") {
    check_all({
        {"DateTime('Europe/Madrid')", R"("2025-06-18T09:12:03Z")", R"("2025-06-18 09:12:03Z")"},
        {"DateTime('Europe/Madrid')", R"("2025-06-18 09:12:03")", R"("2025-06-18 09:12:03")"},
        {"DateTime64(3, 'Europe/Madrid')", R"("2025-06-18T09:12:03.25Z")", R"("2025-06-18 09:12:03.25Z")"},
        {"DateTime('UTC')", R"("2025-06-18T09:12:03Z")", R"("2025-06-18 09:12:03")"},
    });
}

TEST_CASE("seconds since 1970 are times only when that is switched on") {
    EventCase epochs = one_column("DateTime");
    epochs.rules.epoch_into_datetime = true;
    CHECK(outcome(epochs, "1718701923") == R"("2024-06-18 09:12:03")");
    CHECK(outcome(epochs, "1718701923.5") == "E014");
    CHECK(outcome(epochs, "1718701923411") == "E013");
    CHECK(outcome(epochs, "99999999999999999999") == "E013");
}

TEST_CASE("null goes where null may be, or becomes the default") {
    check_all({
        {"Nullable(UInt8)", "null", "null"},
        {"LowCardinality(Nullable(String))", "null", "null"},
        {"UInt8", "null", "E011"},
        {"Array(Nullable(UInt8))", "[1,null]", "[1,null]"},
        {"Array(UInt8)", "[1,null]", "E011"},
    });
    CHECK(outcome(one_column("UInt8", "default 7"), "null") == "left out");
    CHECK(outcome(one_column("Nullable(UInt8)", "default 7"), "null") == "null");
    EventCase strict = one_column("UInt8", "default 7");
    strict.rules.null_with_default = model::NullWithDefault::Quarantine;
    CHECK(outcome(strict, "null") == "E011");
}

TEST_CASE("arrays, maps and documents check what is inside them") {
    check_all({
        {"Array(UInt8)", "[1, 2]", "[1,2]"},
        {"Array(UInt8)", "[1, 300]", "E013"},
        {"Array(UInt8)", "1", "E012"},
        {"Array(String)", R"([{"a":1},"b"])", R"(["{\"a\":1}","b"])"},
        {"Array(Array(DateTime))", R"([["2025-06-18T09:12:03Z"],[]])", R"([["2025-06-18 09:12:03"],[]])"},
        {"Map(String, Float64)", R"({"a":1,"b":0.5})", R"({"a":1,"b":0.5})"},
        {"Map(String, String)", R"({"a":1})", R"({"a":"1"})"},
        {"Map(String, UInt8)", R"({"a":-1})", "E013"},
        {"Map(UInt8, String)", R"({"7":"x"})", R"({"7":"x"})"},
        {"Map(UInt8, String)", R"({"x":"x"})", "E015"},
        {"Map(String, String)", "[]", "E012"},
        {"Array(Map(String, String))", R"([{"role":"user"}])", R"([{"role":"user"}])"},
        {"JSON", R"({"a": {"b": 1}})", R"({"a": {"b": 1}})"},
        {"JSON(max_dynamic_paths = 8, a.b UInt32)", "{}", "{}"},
        {"JSON", "[1]", "E012"},
        {"JSON", "1", "E012"},
    });
}
