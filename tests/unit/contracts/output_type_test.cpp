#include "codec/output_type.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace birdhouse;
using codec::compare_output_types;

namespace {

std::string kind(std::string_view before, std::string_view after) {
    const std::optional<model::ChangeKind> found = compare_output_types(before, after);
    return found ? std::string(to_string(*found)) : "none";
}

} // namespace

TEST_CASE("two spellings of one type are no change") {
    CHECK(kind("UInt64", "UInt64") == "none");
    CHECK(kind("INT", "Int32") == "none");
    CHECK(kind("Decimal32(2)", "Decimal(9, 2)") == "none");
    CHECK(kind("not a type(", "not a type(") == "none");
}

TEST_CASE("what JSON shows another way is a new type to everybody") {
    CHECK(kind("UInt64", "String") == "output_column_retyped");
    CHECK(kind("UInt8", "Bool") == "output_column_retyped");
    CHECK(kind("Date", "DateTime") == "output_column_retyped");
    CHECK(kind("DateTime", "DateTime64(3)") == "output_column_retyped");
    CHECK(kind("DateTime", "DateTime('Asia/Tokyo')") == "output_column_retyped");
    CHECK(kind("String", "Array(String)") == "output_column_retyped");
    CHECK(kind("Array(String)", "Array(Nullable(String))") == "output_column_retyped");
    CHECK(kind("Tuple(a UInt8)", "Tuple(b UInt8)") == "output_column_retyped");
    CHECK(kind("Map(String, UInt8)", "Map(String, String)") == "output_column_retyped");
    CHECK(kind("UInt8", "not a type(") == "output_column_retyped");
}

TEST_CASE("what JSON shows as before and SQL computes with differently is a conversion") {
    CHECK(kind("UInt32", "UInt64") == "output_column_converted");
    CHECK(kind("Float64", "Decimal(18, 2)") == "output_column_converted");
    CHECK(kind("Date", "Date32") == "output_column_converted");
    CHECK(kind("String", "Enum8('a' = 1)") == "output_column_converted");
    CHECK(kind("Nullable(UUID)", "Nullable(String)") == "output_column_converted");
    CHECK(kind("Array(UInt8)", "Array(UInt16)") == "output_column_converted");
}

TEST_CASE("what is only stored another way is an encoding") {
    CHECK(kind("LowCardinality(String)", "String") == "output_column_encoded_otherwise");
    CHECK(kind("SimpleAggregateFunction(sum, UInt64)", "UInt64") == "output_column_encoded_otherwise");
    CHECK(kind("Array(LowCardinality(String))", "Array(String)") == "output_column_encoded_otherwise");
    CHECK(kind("LowCardinality(Nullable(String))", "Nullable(String)") == "output_column_encoded_otherwise");
}

TEST_CASE("a column that may be NULL is a break one way only") {
    CHECK(kind("UInt64", "Nullable(UInt64)") == "output_column_made_nullable");
    CHECK(kind("UInt64", "Nullable(UInt32)") == "output_column_made_nullable");
    CHECK(kind("LowCardinality(String)", "LowCardinality(Nullable(String))") ==
          "output_column_made_nullable");
    CHECK(kind("Nullable(UInt64)", "UInt64") == "output_column_made_not_nullable");
    CHECK(kind("Nullable(UInt64)", "UInt32") == "output_column_converted");
    CHECK(kind("Nullable(UInt64)", "String") == "output_column_retyped");
}
