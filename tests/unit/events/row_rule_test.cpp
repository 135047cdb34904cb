#include "events/checker.hpp"
#include "events/row_rule.hpp"
#include "events/text_pattern.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

const std::string kColumns = "column at | DateTime64(3) | $.at | default now()\n"
                             "column until | Nullable(DateTime) | $.o.until\n"
                             "column day | Date | $.day | default today()\n"
                             "column cost | Decimal(9, 2) | $.cost | default 0\n"
                             "column count | UInt256 | $.count | default 0\n"
                             "column name | String | $.name | default ''\n"
                             "column list | Array(UInt8) | $.list[:] | default []\n";

// The broken rules' codes for one row under one rule.
std::size_t broken(const std::string& rule, std::string_view row) {
    const EventCase event_case =
        parse_event_case("case", "datasource d\n" + kColumns + "rule " + rule + "\n---\n");
    const events::EventSchema schema = compiled(event_case);
    events::EventChecker checker(schema);
    std::string written;
    const std::size_t without_writing = checker.check(row).broken_rules.size();
    CHECK(checker.check(row, &written).broken_rules.size() == without_writing);
    CHECK_FALSE(written.empty());
    return without_writing;
}

std::string fault_of(const std::string& rule) {
    const events::EventSchema schema =
        compiled(parse_event_case("case", "datasource d\n" + kColumns + "---\n"));
    std::string fault;
    CHECK_FALSE(events::parse_row_rule(rule, schema.columns(), fault));
    return fault;
}

} // namespace

TEST_CASE("times are compared as moments, whatever form they have") {
    const std::string rule = "until >= at";
    CHECK(broken(rule, R"({"at":"2025-06-18T09:12:03Z","o":{"until":"2025-06-18 09:12:03"}})") == 0);
    CHECK(broken(rule, R"({"at":"2025-06-18T09:12:03.100Z","o":{"until":"2025-06-18 09:12:03.1"}})") == 0);
    CHECK(broken(rule, R"({"at":"2025-06-18T09:12:03.101Z","o":{"until":"2025-06-18 09:12:03.1"}})") == 1);
    CHECK(broken(rule, R"({"at":"2025-06-18T09:12:03+02:00","o":{"until":"2025-06-18 07:12:03"}})") == 0);
    CHECK(broken(rule, R"({"at":"2025-06-18T09:12:03-02:00","o":{"until":"2025-06-18 09:12:03"}})") == 1);
    CHECK(broken("at >= day", R"({"at":"2025-06-17T23:59:59Z","day":"2025-06-18"})") == 1);
}

TEST_CASE("what is missing or null breaks no rule") {
    CHECK(broken("until >= at", R"({"at":"2025-06-18T09:12:03Z"})") == 0);
    CHECK(broken("until >= at", R"({"at":"2025-06-18T09:12:03Z","o":{"until":null}})") == 0);
    CHECK(broken("cost > 1", "{}") == 0);
}

TEST_CASE("numbers of any size and texts are compared by every sign") {
    CHECK(broken("cost < 10", R"({"cost":9.99})") == 0);
    CHECK(broken("cost < 10", R"({"cost":"1e1"})") == 1);
    CHECK(broken("cost <= 10", R"({"cost":10})") == 0);
    CHECK(broken("cost > -1", R"({"cost":-1})") == 1);
    CHECK(broken("count = 340282366920938463463374607431768211456",
                 R"({"count":340282366920938463463374607431768211456})") == 0);
    CHECK(broken("count != 340282366920938463463374607431768211456",
                 R"({"count":340282366920938463463374607431768211456})") == 1);
    CHECK(broken("name != name", R"({"name":"a"})") == 1);
}

TEST_CASE("a text that is no rule says why") {
    CHECK(fault_of("cost") == "it has none of `>=`, `<=`, `>`, `<`, `=`, `!=`");
    CHECK(fault_of("cost >= price") == "no column with a JSON path is called `price`");
    CHECK(fault_of("price >= cost") == "no column with a JSON path is called `price`");
    CHECK(fault_of("at >= cost") == "`at` and `cost` cannot be compared");
    CHECK(fault_of("at >= 7") == "`at` and `7` cannot be compared");
    CHECK(fault_of("list = list") == "`list` and `list` cannot be compared");
}

TEST_CASE("a pattern matches in linear time, and says what is wrong with it") {
    std::string fault;
    const auto evil = events::TextPattern::compile("^(a+)+$", fault);
    REQUIRE(evil != nullptr);
    CHECK_FALSE(evil->matches(std::string(1'000'000, 'a') + "b"));
    CHECK(evil->matches(std::string(1'000'000, 'a')));
    CHECK(events::TextPattern::compile("(?=a)", fault) == nullptr);
    CHECK_FALSE(fault.empty());
    CHECK(events::TextPattern::compile(std::string(1'001, 'a'), fault) == nullptr);
    CHECK(fault == "it is longer than 1000 bytes");
}
