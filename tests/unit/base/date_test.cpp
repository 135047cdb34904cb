#include "base/date.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

TEST_CASE("a date is read and written as people write it") {
    REQUIRE(parse_date("2026-11-26"));
    CHECK(format_date(*parse_date("2026-11-26")) == "2026-11-26");
    CHECK(format_date(*parse_date("0007-01-02")) == "0007-01-02");
    CHECK(*parse_date("2026-11-26") < *parse_date("2026-12-01"));
}

TEST_CASE("a text that is no day of the calendar is no date") {
    for (const char* text : {"", "2026-11-31", "2025-02-29", "2026-13-01", "2026-00-10", "26-11-2026",
                             "2026-1-1", "2026/11/26", "2026-11-26 ", "20a6-11-26", "+026-11-26"}) {
        INFO(text);
        CHECK_FALSE(parse_date(text));
    }
}

TEST_CASE("days are added over the ends of months and years") {
    CHECK(format_date(days_after(*parse_date("2026-11-26"), 90)) == "2027-02-24");
    CHECK(format_date(days_after(*parse_date("2024-02-28"), 1)) == "2024-02-29");
}
