// Rows that are made, held against the checker; texts that are made, held against their pattern.
#include "events/pattern_text.hpp"
#include "events/sample_rows.hpp"
#include "fixture.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

const std::string kDeclaration =
    "datasource d\n"
    "column id | String | $.id\n"
    "column n | UInt8 | $.n | range 7..9\n"
    "column big | Int256 | $.big\n"
    "column f | Float32 | $.f | default 0 | range 0..1\n"
    "column d | Decimal(4, 4) | $.d\n"
    "column start_time | DateTime64(3) | $.start_time\n"
    "column end_time | DateTime | $.end_time\n"
    "column day | Nullable(Date) | $.day\n"
    "column u | UUID | $.u | default generateUUIDv4()\n"
    "column b | Bool | $.b | default false\n"
    "column kind | LowCardinality(String) | $.kind | allowed a, b\n"
    "column code | FixedString(4) | $.code\n"
    "column list | Array(Int8) | $.list[:] | default []\n"
    "column picked | Array(String) | $.items[:].name | default []\n"
    "column prices | Array(Nullable(Float64)) | $.items[:].price.amount | default []\n"
    "column map | Map(UInt16, Decimal(9, 2)) | $.map | default map()\n"
    "column doc | JSON | $.doc | default '{}'\n"
    "column deep | Int64 | $.o.p.q | default 0\n"
    "column short | String | $.title | max_chars 6\n"
    "column slug | String | $.slug | pattern ^[a-z]{2,5}(-[0-9]+)?$\n"
    "rule end_time >= start_time\n"
    "---\n";

} // namespace

TEST_CASE("good rows leave nothing to be said, and bad rows are refused") {
    const events::EventSchema schema = compiled(parse_event_case("sample", kDeclaration));
    events::SampleRows rows(schema, 1);
    events::EventChecker checker(schema);
    std::set<std::string_view> codes;
    std::string complaint;
    for (int number = 0; number < 500; ++number) {
        const std::optional<std::string> good = rows.good_row(complaint);
        INFO(complaint);
        REQUIRE(good);
        REQUIRE(checker.check(*good).is_clean());
        const auto bad = rows.bad_row(complaint);
        REQUIRE(bad);
        for (const events::RowNote& note : bad->verdict->reasons) {
            codes.insert(note.code->id);
        }
        REQUIRE(checker.check(bad->text).status != events::RowStatus::Accepted);
    }
    CHECK(codes ==
          std::set<std::string_view>{"E010", "E011", "E012", "E013", "E014", "E015", "E016", "E020", "E021"});
}

TEST_CASE("the same seed gives the same rows, another one others") {
    const events::EventSchema schema = compiled(parse_event_case("sample", kDeclaration));
    std::string complaint;
    events::SampleRows one(schema, 1);
    events::SampleRows same(schema, 1);
    events::SampleRows other(schema, 2);
    const auto first = one.good_row(complaint);
    CHECK(first == same.good_row(complaint));
    CHECK(first != other.good_row(complaint));
}

TEST_CASE("rules that leave no value are said, not looped over") {
    const events::EventSchema schema =
        compiled(parse_event_case("sample", "datasource d\ncolumn a | UInt8 | $.a\nrule a > 300\n---\n"));
    events::SampleRows rows(schema, 1);
    std::string complaint;
    CHECK_FALSE(rows.good_row(complaint));
    CHECK(complaint.ends_with("breaks the rule 'a > 300'"));
}

TEST_CASE("a text is made that its pattern matches") {
    events::Chance chance(1);
    for (const std::string pattern :
         {"^[a-z]+$", "^gh_[0-9]{5}$", R"(^\d{3}-\d{2,4}$)", "^(GET|POST) /[a-z/]*$", "a|b|c", "^$", "x?y*z+",
          R"(^\w+@\w+\.(com|org)$)", "^[^0-9]{3}$", "^(?:ab){2}$", R"(^\[\]\.$)", "^[a-c-]$", "(?i)abc",
          "^[[:alpha:]]?$", "^.{3}$"}) {
        std::string fault;
        const auto compiled_pattern = events::TextPattern::compile(pattern, fault);
        REQUIRE(compiled_pattern != nullptr);
        bool matched = false;
        for (int attempt = 0; attempt < 50 && !matched; ++attempt) {
            matched = compiled_pattern->matches(events::text_for_pattern(pattern, chance));
        }
        INFO(pattern);
        CHECK(matched);
    }
    // Whatever the expression, it ends.
    for (const std::string pattern : {"(((((((a?)*)*)*)*)*)*)*", "[", "(", "\\", "a{9999999999}", "{",
                                      "((((((((((", "[z-a]", "(?", "a{2,1}"}) {
        CHECK(events::text_for_pattern(pattern, chance).size() < 100'000);
    }
}
