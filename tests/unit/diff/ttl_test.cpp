#include "codec/ttl_change.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::codec;

TEST_CASE("a TTL of one interval is read in either form") {
    const RowLife month{"at", 0, 1};
    CHECK(parse_row_life("at + INTERVAL 1 MONTH") == month);
    CHECK(parse_row_life("at + toIntervalMonth(1)") == month);
    CHECK(parse_row_life("`at`+interval '1' month DELETE") == month);
    CHECK(parse_row_life("toDateTime(at) + INTERVAL 2 WEEKS") ==
          RowLife{"toDateTime ( at )", 14 * 86'400, 0});
    CHECK(parse_row_life("at + INTERVAL 1 YEAR") == RowLife{"at", 0, 12});
}

TEST_CASE("a TTL of any other form is not compared") {
    for (const char* ttl :
         {"", "at", "at + 5", "INTERVAL 1 DAY + at", "at + INTERVAL n DAY", "at + INTERVAL 1 EON",
          "at + INTERVAL 1 DAY, at + INTERVAL 2 DAY", "at + INTERVAL 1 DAY TO DISK 'cold'",
          "at + INTERVAL 1 DAY WHERE x = 1", "at - INTERVAL 1 DAY", "+ INTERVAL 1 DAY",
          "at + toIntervalDay()", "at + INTERVAL 99999999999999999999 DAY"}) {
        INFO(ttl);
        CHECK_FALSE(parse_row_life(ttl));
    }
}

TEST_CASE("the longer of two lives is known where no month can make it doubtful") {
    const auto compare = [](const char* before, const char* after) {
        return compare_ttl("at + INTERVAL " + std::string(before), "at + INTERVAL " + std::string(after));
    };
    CHECK(compare("7 DAY", "1 WEEK") == TtlChange::Same);
    CHECK(compare("12 MONTH", "1 YEAR") == TtlChange::Same);
    CHECK(compare("60 DAY", "10 DAY") == TtlChange::Shortened);
    CHECK(compare("24 HOUR", "2 DAY") == TtlChange::Widened);
    CHECK(compare("1 MONTH", "1 QUARTER") == TtlChange::Widened);
    CHECK(compare("1 MONTH", "30 DAY") == TtlChange::Other);
    CHECK(compare("27 DAY", "1 MONTH") == TtlChange::Widened);
    CHECK(compare("1 YEAR", "300 DAY") == TtlChange::Shortened);
}

TEST_CASE("layout is no change, and another moment cannot be compared") {
    CHECK(compare_ttl("at + INTERVAL 1 DAY", "`at`  +  interval 1 day") == TtlChange::Same);
    CHECK(compare_ttl("at + INTERVAL 1 DAY", "toDate(at) + INTERVAL 2 DAY") == TtlChange::Other);
    CHECK(compare_ttl("", "at + INTERVAL 1 DAY") == TtlChange::Added);
    CHECK(compare_ttl("at + INTERVAL 1 DAY", " ") == TtlChange::Removed);
    CHECK(compare_ttl("a, b", "a, c") == TtlChange::Other);
}
