#include "syntax/clickhouse_type.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::syntax;

namespace {

ClickHouseType type(const std::string& text) {
    const Parsed<ClickHouseType> parsed = parse_clickhouse_type(text);
    INFO(text << (fault_of(parsed) != nullptr ? fault_of(parsed)->message : ""));
    REQUIRE(fault_of(parsed) == nullptr);
    return std::get<ClickHouseType>(parsed);
}

SyntaxFault fault(const std::string& text) {
    const Parsed<ClickHouseType> parsed = parse_clickhouse_type(text);
    INFO(text);
    REQUIRE(fault_of(parsed) != nullptr);
    return *fault_of(parsed);
}

} // namespace

TEST_CASE("types are written back in the engine's own spacing") {
    for (const char* text :
         {"String", "Array(Nullable(DateTime64(3, 'UTC')))", "Map(String, Array(UInt8))", "Decimal(18, 4)",
          "FixedString(16)", "Enum8('a' = 1, 'it\\'s' = -2)", "AggregateFunction(sum, UInt64)",
          "AggregateFunction(quantiles(0.5, 0.9), Float64)", "Tuple(a String, `b c` UInt8)",
          "JSON(max_dynamic_paths = 8, a.b UInt32, SKIP c.d, SKIP REGEXP 'x.*')",
          "Nested(id UInt8, name String)"}) {
        CHECK(write_clickhouse_type(type(text)) == text);
    }
    CHECK(write_clickhouse_type(type(" Map( String,UInt8 ) ")) == "Map(String, UInt8)");
    CHECK(type("Map(String,UInt8)") == type("Map( String, UInt8 )"));
}

TEST_CASE("the tree says what each argument is") {
    const ClickHouseType enumeration = type("Enum8('a' = 1)");
    REQUIRE(enumeration.arguments.size() == 1);
    CHECK(enumeration.arguments[0].kind == TypeArgument::Kind::Text);
    CHECK(enumeration.arguments[0].text == "a");
    CHECK(enumeration.arguments[0].assigned == "1");
    const ClickHouseType tuple = type("Tuple(a Array(String))");
    REQUIRE(tuple.arguments.size() == 1);
    CHECK(tuple.arguments[0].label == "a");
    CHECK(tuple.arguments[0].type.front().name == "Array");
    CHECK(tuple.arguments[0].type.front().begin == 8);
    CHECK(tuple.arguments[0].type.front().end == 21);
}

TEST_CASE("wrappers come off in any order") {
    CHECK(unwrapped(type("LowCardinality(Nullable(String))")).name == "String");
    CHECK(is_nullable(type("LowCardinality(Nullable(String))")));
    CHECK(is_nullable(type("Nullable(UInt8)")));
    CHECK_FALSE(is_nullable(type("Array(Nullable(UInt8))")));
}

TEST_CASE("text that is no type says where it stops being one") {
    CHECK(fault("") == SyntaxFault{0, "the end of the text stands where a type is expected", ""});
    CHECK(fault("Array(") == SyntaxFault{6, "the end of the text stands where a type is expected", ""});
    CHECK(fault("Array(String") ==
          SyntaxFault{12, "the end of the text stands where `,` or `)` is expected", ""});
    CHECK(fault("String)") == SyntaxFault{6, "`)` stands after the end of the type", ""});
    CHECK(fault("Enum8('a = 1)") == SyntaxFault{6, "a quote is not closed", ""});
    CHECK(fault("Enum8('a' = )").message == "`)` stands where a number is expected");
    CHECK(fault("Array(,)").offset == 6);
    CHECK(fault("Tuple(`a` 4)").message == "`4` stands where a type is expected");
    std::string deep;
    for (int i = 0; i < 40; ++i) {
        deep += "Array(";
    }
    CHECK(fault(deep).message == "the type is nested deeper than 32 types");
    CHECK(fault(std::string(70'000, 'a')).message == "the type is longer than 65,536 bytes");
}
