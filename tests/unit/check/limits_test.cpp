#include "ops/rules/limits.hpp"

#include <catch2/catch.hpp>

using birdhouse::ops::shortest_pause;

TEST_CASE("the pause of a schedule is the shortest one within an hour") {
    CHECK(shortest_pause("* * * * *") == 1U);
    CHECK(shortest_pause("*/2 * * * *") == 2U);
    CHECK(shortest_pause("*/5 * * * *") == 5U);
    CHECK(shortest_pause("0,30 * * * *") == 30U);
    CHECK(shortest_pause("0,3,30 9 * * *") == 3U);
    CHECK(shortest_pause("0-10/4 * * * *") == 4U);
    CHECK(shortest_pause("10/20 * * * *") == 20U);
    CHECK_FALSE(shortest_pause("0 * * * *"));
    CHECK_FALSE(shortest_pause("15 3 * * 1"));
}

TEST_CASE("what is no minute gives no pause") {
    for (const char* text :
         {"", "x * * * *", "61 * * * *", "0-99 * * * *", "*/0 * * * *", "*/x * * * *", "5-", ","}) {
        CHECK_FALSE(shortest_pause(text));
    }
}
