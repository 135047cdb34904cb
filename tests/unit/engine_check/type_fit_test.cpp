#include "ops/type_fit.hpp"

#include <catch2/catch.hpp>

using birdhouse::ops::fit_type;

namespace {

std::string loss(const std::string& from, const std::string& into) { return fit_type(from, into).loss; }

} // namespace

TEST_CASE("how a value is kept makes no other value of it") {
    CHECK(fit_type("String", "LowCardinality(String)").same);
    CHECK(fit_type("UInt64", "SimpleAggregateFunction(sum, UInt64)").same);
    CHECK(fit_type("LowCardinality(Nullable(String))", "Nullable(String)").same);
    CHECK(fit_type("Array(LowCardinality(String))", "Array(String)").same);
    CHECK(fit_type("AggregateFunction(sum, UInt64)", "AggregateFunction(sum, UInt64)").same);
    CHECK_FALSE(fit_type("AggregateFunction(sum, UInt64)", "AggregateFunction(sum, UInt32)").same);
    CHECK_FALSE(fit_type("Tuple(a Int8)", "Tuple(b Int8)").same);
    CHECK_FALSE(fit_type("DateTime('UTC')", "DateTime").same);
}

TEST_CASE("NULL goes into what takes it") {
    CHECK(fit_type("Nullable(Int64)", "Int64").null_into_plain);
    CHECK(fit_type("LowCardinality(Nullable(String))", "String").null_into_plain);
    CHECK(fit_type("Array(Nullable(String))", "Array(String)").null_into_plain);
    CHECK_FALSE(fit_type("Int64", "Nullable(Int64)").null_into_plain);
    CHECK_FALSE(fit_type("Nullable(Int64)", "SimpleAggregateFunction(any, Nullable(Int64))").null_into_plain);
}

TEST_CASE("whole numbers wrap where they have no room") {
    CHECK(loss("UInt8", "UInt16").empty());
    CHECK(loss("UInt8", "Int16").empty());
    CHECK(loss("UInt64", "Int64").empty()); // counts
    CHECK(loss("UInt64", "UInt32") == "a number beyond UInt32 wraps");
    CHECK(loss("UInt32", "Int32") == "a number beyond Int32 wraps");
    CHECK(loss("Int64", "UInt64") == "a negative number wraps");
    CHECK(loss("Int128", "Int64") == "a number beyond Int64 wraps");
    CHECK(loss("Nullable(Int64)", "Nullable(Int32)") == "a number beyond Int32 wraps");
    CHECK(loss("UInt8", "Bool").empty());
}

TEST_CASE("fractions are cut where there is no place for them") {
    CHECK(loss("Float64", "Int64") == "the fraction is cut");
    CHECK(loss("Decimal(10, 2)", "Int64") == "the fraction is cut");
    CHECK(loss("Decimal(10, 0)", "Int64").empty());
    CHECK(loss("Float64", "Float32") == "digits after the seventh are lost");
    CHECK(loss("Float32", "Float64").empty());
    CHECK(loss("UInt64", "Float64").empty());
    CHECK(loss("UInt128", "Float64") == "digits after the fifteenth are lost");
    CHECK(loss("Float64", "Decimal(10, 2)") == "digits after place 2 of the fraction are cut");
    CHECK(loss("Decimal(10, 4)", "Decimal(10, 2)") == "digits after place 2 of the fraction are cut");
    CHECK(loss("Decimal(20, 2)", "Decimal(10, 2)") ==
          "a number with more than 8 digits before the point fails the insert");
    CHECK(loss("Decimal(10, 2)", "Decimal(12, 4)").empty());
}

TEST_CASE("times are cut to what is kept of them") {
    CHECK(loss("DateTime", "Date") == "the time of day is cut");
    CHECK(loss("DateTime64(3)", "DateTime") == "fractions of a second are cut");
    CHECK(loss("DateTime64(6)", "DateTime64(3)") == "fractions of a second are cut to 3 digits");
    CHECK(loss("DateTime64(3)", "DateTime64(6)").empty());
    CHECK(loss("DateTime", "DateTime64(3)").empty());
    CHECK(loss("DateTime('UTC')", "DateTime").empty());
    CHECK(loss("Date", "DateTime").empty());
    CHECK(loss("Date32", "Date") == "days before 1970 and after 2149 become others");
}

TEST_CASE("texts fail where they do not read") {
    CHECK(loss("String", "UInt64") == "a text that does not read as UInt64 fails the insert");
    CHECK(loss("UInt64", "String").empty());
    CHECK(loss("String", "FixedString(2)") == "a text longer than 2 bytes fails the insert");
    CHECK(loss("FixedString(2)", "FixedString(4)").empty());
    CHECK(loss("FixedString(2)", "String").empty());
    CHECK(loss("Enum8('a' = 1, 'b' = 2)", "Enum8('a' = 1)") ==
          "the value 'b' is not among those of the target and fails the insert");
    CHECK(loss("Enum8('a' = 1)", "Enum16('a' = 5, 'b' = 6)").empty());
    CHECK(loss("Enum8('a' = 1)", "String").empty());
}

TEST_CASE("containers lose what their parts lose") {
    CHECK(loss("Array(Int64)", "Array(Int32)") == "a number beyond Int32 wraps");
    CHECK(loss("Map(String, DateTime)", "Map(String, Date)") == "the time of day is cut");
    CHECK(loss("Tuple(Int64, String)", "Tuple(Int64, FixedString(1))") ==
          "a text longer than 1 bytes fails the insert");
    CHECK(loss("Array(Int64)", "Int64").empty()); // the engine knows no way
}

TEST_CASE("what is no type is left to the engine") {
    CHECK_FALSE(fit_type("", "String").same);
    CHECK(loss("Array(", "String").empty());
    CHECK(fit_type("", "").same);
}
