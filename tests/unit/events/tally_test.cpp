#include "base/codes.hpp"
#include "events/checker.hpp"
#include "events/tally.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

events::Tally tally_of(const events::EventSchema& schema, const std::vector<std::string>& rows,
                       std::uint64_t first_line) {
    events::Tally tally(2);
    events::EventChecker checker(schema);
    for (const std::string& row : rows) {
        tally.add(schema, row, {"f", first_line++}, checker.check(row));
    }
    return tally;
}

} // namespace

TEST_CASE("two tallies merge into that of the whole input") {
    const events::EventSchema schema =
        compiled(parse_event_case("case", "datasource d\ncolumn a | UInt8 | $.a | range 0..9\n---\n"));
    const std::vector<std::string> first = {R"({"a":300,"x":1})", R"({"a":1,"y":1})", "nope"};
    const std::vector<std::string> second = {R"({"a":12,"x":1})", R"({"a":301})", R"({"a":302})"};
    std::vector<std::string> all = first;
    all.insert(all.end(), second.begin(), second.end());
    events::Tally merged = tally_of(schema, first, 1);
    merged.merge(tally_of(schema, second, 4));
    const events::Tally whole = tally_of(schema, all, 1);

    CHECK(merged.rows() == 6);
    CHECK(merged.accepted() == 2);
    CHECK(merged.quarantined() == 3);
    CHECK(merged.not_events() == 1);
    CHECK(merged.rule_breaking() == 1);
    const auto out_of_range = events::TallyKey{0, &codes::E013};
    CHECK(merged.reasons().at(out_of_range) == whole.reasons().at(out_of_range));
    CHECK(merged.reasons().at(out_of_range).count == 3);
    CHECK(merged.reasons().at(out_of_range).samples ==
          std::vector<events::Sample>{{"f", 1, 6, 9, "value '300' on column 'a' is not UInt8"},
                                      {"f", 5, 6, 9, "value '301' on column 'a' is not UInt8"}});
    REQUIRE(merged.dropped().size() == 2);
    CHECK(merged.dropped()[0].path == "$.x");
    CHECK(merged.dropped()[0].entry == whole.dropped()[0].entry);
}

TEST_CASE("a report shows no secret and nothing of a person") {
    const events::EventSchema schema =
        compiled(parse_event_case("case", "datasource d\n"
                                          "column a | UInt8 | $.a | default 0\n"
                                          "column ip | String | $.ip | default '' | privacy ip\n"
                                          "column t | String | $.t | default ''\n---\n"));
    const events::Tally tally = tally_of(
        schema, {R"({"a":"Bearer abcdefgh1234","ip":"198.51.100.23","t":"use sk-none-1111INVENTED now"})"},
        1);
    CHECK(tally.reasons().begin()->second.samples.front().text ==
          "value 'Bearer (masked)' on column 'a' is not UInt8");
    const auto& warnings = tally.warnings();
    CHECK(warnings.at({1, &codes::P002}).samples.front().text ==
          "the value on column 'ip' is a full network address");
    CHECK(warnings.at({2, &codes::P001}).samples.front().text ==
          "value 'use sk-(masked) now' on column 't' looks like a credential");
}

TEST_CASE("a flood of different unknown keys is counted, not kept") {
    const events::EventSchema schema =
        compiled(parse_event_case("case", "datasource d\ncolumn a | String | $.a | default ''\n---\n"));
    std::vector<std::string> rows;
    for (int i = 0; i < 1'200; ++i) {
        rows.push_back("{\"key" + std::to_string(i) + "\":1}");
    }
    const events::Tally tally = tally_of(schema, rows, 1);
    CHECK(tally.dropped().size() == 1'000);
    CHECK(tally.other_dropped() == 200);
}
