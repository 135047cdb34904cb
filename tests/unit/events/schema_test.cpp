#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

TEST_CASE("children are found by key, and each node knows its path") {
    const EventCase event_case =
        parse_event_case("case", "datasource d\n"
                                 "column a | String | $.response.usage.a | default ''\n"
                                 "column b | String | $.response.['a b'] | default ''\n"
                                 "column c | String | $.c\n"
                                 "column d | UInt8 | -\n"
                                 "---\n");
    const events::EventSchema schema = compiled(event_case);
    const std::uint32_t response = schema.find_child(0, "response");
    REQUIRE(response != 0);
    const std::uint32_t spaced = schema.find_child(response, "a b");
    CHECK(schema.path_of(spaced) == "$.response.['a b']");
    CHECK(schema.find_child(0, "respons") == 0);
    CHECK(schema.find_child(0, "") == 0);
    CHECK(schema.find_child(spaced, "x") == 0);
    CHECK(schema.required() == std::vector<std::uint32_t>{2});
    CHECK(schema.table_columns() == std::vector<std::string>{"a", "b", "c", "d"});
    CHECK(schema.columns().size() == 3);
}

TEST_CASE("keys that differ in the middle only are told apart") {
    std::string declaration = "datasource d\n";
    for (int i = 0; i < 300; ++i) {
        declaration +=
            "column c" + std::to_string(i) + " | String | $.samestart_" + std::to_string(i) + "_sameending\n";
    }
    const events::EventSchema schema = compiled(parse_event_case("case", declaration + "---\n"));
    for (int i = 0; i < 300; ++i) {
        const std::uint32_t node = schema.find_child(0, "samestart_" + std::to_string(i) + "_sameending");
        REQUIRE(node != 0);
        REQUIRE(schema.nodes()[node].columns == std::vector<std::uint32_t>{static_cast<std::uint32_t>(i)});
    }
    CHECK(schema.find_child(0, "samestart_300_sameending") == 0);
}
