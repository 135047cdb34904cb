#include "codec/type_change.hpp"
#include "codec/type_form.hpp"
#include "scalar_types.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;
using codec::compare_types;
using codec::type_form_text;
using model::ChangeKind;

namespace {

std::string kinds_of(std::string_view before, std::string_view after) {
    std::string text;
    for (const ChangeKind kind : compare_types(before, after)) {
        text += (text.empty() ? "" : " ") + std::string(to_string(kind));
    }
    return text.empty() ? "same" : text;
}

} // namespace

// One line a pair, in the order of the list: a change of a rule shows as a change of these lines.
TEST_CASE("every pair of scalar types changes as the golden table says") {
    const auto input = std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "tests/golden/diff/scalars.types";
    std::string actual;
    for (const std::string& before : scalar_types(input)) {
        for (const std::string& after : scalar_types(input)) {
            actual += before + " -> " + after + ": " + kinds_of(before, after) + "\n";
        }
    }
    check_golden(input, actual);
}

TEST_CASE("a type equals itself in any spelling") {
    CHECK(kinds_of("INT", "Int32") == "same");
    CHECK(kinds_of("VARCHAR(255)", "String") == "same");
    CHECK(kinds_of("Decimal64(4)", "Decimal(18,4)") == "same");
    CHECK(kinds_of("Enum('a', 'b')", "Enum8('b' = 2, 'a' = 1)") == "same");
    CHECK(kinds_of("DateTime64", "DateTime64(3)") == "same");
    CHECK(kinds_of("Nullable(LowCardinality(String))", "LowCardinality(Nullable(String))") == "same");
    CHECK(kinds_of("Map(String,Array( UInt8 ))", "Map(String, Array(UInt8))") == "same");
    CHECK(kinds_of("bool", "Boolean") == "same");
    CHECK(type_form_text("Nullable(LowCardinality(VARCHAR))") == "LowCardinality(Nullable(String))");
    CHECK(type_form_text("not a type(") == "not a type(");
}

TEST_CASE("a type may change in several ways at once") {
    CHECK(kinds_of("String", "LowCardinality(Nullable(String))") ==
          "column_made_nullable low_cardinality_added");
    CHECK(kinds_of("Nullable(UInt8)", "UInt16") == "type_widened column_made_not_nullable");
    CHECK(kinds_of("DateTime", "DateTime64(3, 'UTC')") == "type_widened time_zone_changed");
    CHECK(kinds_of("Enum8('a')", "Enum16('b')") == "enum_values_added enum_values_removed enum_resized");
}

TEST_CASE("types that hold types change with what they hold") {
    CHECK(kinds_of("Array(UInt8)", "Array(UInt16)") == "type_widened");
    CHECK(kinds_of("Array(String)", "Array(Nullable(String))") == "type_widened");
    CHECK(kinds_of("Array(Nullable(String))", "Array(String)") == "type_narrowed");
    CHECK(kinds_of("Map(String, Int64)", "Map(LowCardinality(String), Int32)") ==
          "type_narrowed low_cardinality_added");
    CHECK(kinds_of("Tuple(a UInt8, b String)", "Tuple(a UInt16, b String)") == "type_widened");
    CHECK(kinds_of("Tuple(a UInt8)", "Tuple(b UInt8)") == "type_changed");
    CHECK(kinds_of("Tuple(UInt8)", "Tuple(UInt8, UInt8)") == "type_changed");
    CHECK(kinds_of("Array(UInt8)", "UInt8") == "type_changed");
    CHECK(kinds_of("Array(UInt8)", "String") == "type_changed");
}

TEST_CASE("what merges rows is no ordinary type") {
    CHECK(kinds_of("Float64", "SimpleAggregateFunction(sum, Float64)") == "aggregation_changed");
    CHECK(kinds_of("SimpleAggregateFunction(sum, Float64)", "SimpleAggregateFunction(max, Float64)") ==
          "aggregation_changed");
    CHECK(kinds_of("SimpleAggregateFunction(max, UInt8)", "SimpleAggregateFunction(max, UInt16)") ==
          "type_widened");
    CHECK(kinds_of("AggregateFunction(uniq, String)", "AggregateFunction(uniq, UInt64)") ==
          "aggregate_state_changed");
    CHECK(kinds_of("UInt64", "AggregateFunction(uniq, UInt64)") == "aggregate_state_changed");
}

TEST_CASE("a text that is no type is another type than any") {
    CHECK(kinds_of("Array(", "Array(") == "same");
    CHECK(kinds_of("Array(", "String") == "type_changed");
}
