#include "target/type_text.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::target;

TEST_CASE("Nullable goes where the engine wants it") {
    CHECK(nullable_type("UInt8") == "Nullable(UInt8)");
    CHECK(nullable_type("Nullable(UInt8)") == "Nullable(UInt8)");
    CHECK(nullable_type("LowCardinality(String)") == "LowCardinality(Nullable(String))");
    CHECK(nullable_type("LowCardinality(Nullable(String))") == "LowCardinality(Nullable(String))");
    CHECK(nullable_type("SimpleAggregateFunction(sum, UInt64)") ==
          "SimpleAggregateFunction(sum, Nullable(UInt64))");
    CHECK(nullable_type("Decimal(10, 2)") == "Nullable(Decimal(10, 2))");
}

TEST_CASE("Nullable is taken off") {
    CHECK(plain_type("UInt8") == "UInt8");
    CHECK(plain_type("Nullable(DateTime64(3, 'UTC'))") == "DateTime64(3, 'UTC')");
    CHECK(plain_type("LowCardinality(Nullable(String))") == "LowCardinality(String)");
    CHECK(plain_type("Nullable(LowCardinality(String))") == "LowCardinality(String)");
    CHECK(plain_type("Array(Nullable(String))") == "Array(Nullable(String))");
    CHECK(plain_type("SimpleAggregateFunction(any, Nullable(String))") ==
          "SimpleAggregateFunction(any, String)");
}

TEST_CASE("Nullable outside of LowCardinality moves inside") {
    CHECK(canonical_nullable("Nullable(LowCardinality(String))") == "LowCardinality(Nullable(String))");
    CHECK(canonical_nullable("nullable( SimpleAggregateFunction(max, Date) )") ==
          "SimpleAggregateFunction(max, Nullable(Date))");
    CHECK(canonical_nullable(" String ") == "String");
    CHECK(canonical_nullable("Nullable(Int8)") == "Nullable(Int8)");
    CHECK(canonical_nullable("").empty());
    CHECK(canonical_nullable("Nullable(") == "Nullable(");
}
