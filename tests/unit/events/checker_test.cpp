#include "base/codes.hpp"
#include "events/checker.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

struct Outcome {
    events::RowStatus status = events::RowStatus::Accepted;
    std::vector<std::string> notes;   // `E010 column`
    std::vector<std::string> dropped; // keys as written
    std::string written;
};

Outcome check(const std::string& declaration, std::string_view row) {
    const EventCase event_case = parse_event_case("case", "datasource d\n" + declaration + "---\n");
    const events::EventSchema schema = compiled(event_case);
    events::EventChecker checker(schema);
    Outcome outcome;
    const events::Verdict& verdict = checker.check(row, &outcome.written);
    outcome.status = verdict.status;
    for (const auto* notes : {&verdict.reasons, &verdict.broken_rules, &verdict.warnings}) {
        for (const events::RowNote& note : *notes) {
            outcome.notes.push_back(
                std::string(note.code->id) +
                (note.column == events::kNoColumn ? "" : " " + schema.columns()[note.column].name));
        }
    }
    for (const events::DroppedField& field : verdict.dropped) {
        outcome.dropped.emplace_back(row.substr(field.begin, field.end - field.begin));
    }
    return outcome;
}

using Texts = std::vector<std::string>;
constexpr auto kAccepted = events::RowStatus::Accepted;
constexpr auto kQuarantined = events::RowStatus::Quarantined;

} // namespace

TEST_CASE("a missing key takes the default, is null, or refuses the row") {
    const std::string declaration = "column a | String | $.a\n"
                                    "column b | UInt8 | $.b | default 7\n"
                                    "column c | Nullable(UInt8) | $.c\n"
                                    "column d | Array(UInt8) | $.p.d[:]\n";
    const Outcome none = check(declaration, "{}");
    CHECK(none.status == kQuarantined);
    CHECK(none.notes == Texts{"E010 a", "E010 d"});
    CHECK(none.written.empty());
    const Outcome parent_null = check(declaration, R"({"a":"x","p":null})");
    CHECK(parent_null.notes == Texts{"E010 d"});
    const Outcome good = check(declaration, R"({"a":"x","p":{"d":[1]}})");
    CHECK(good.status == kAccepted);
    CHECK(good.written == R"({"a":"x","d":[1]})"
                          "\n");
}

TEST_CASE("each bad column gives a reason of its own, and only one") {
    const Outcome outcome =
        check("column a | UInt8 | $.a\ncolumn b | Array(UInt8) | $.b[:]\n", R"({"a":-1,"b":[300,"x",1.5]})");
    CHECK(outcome.notes == Texts{"E013 a", "E013 b"});
}

TEST_CASE("one key feeds several columns, and a path and its parent may both be mapped") {
    const Outcome outcome = check("column whole | String | $\n"
                                  "column meta | String | $.meta\n"
                                  "column meta_map | Map(String, String) | $.meta\n"
                                  "column env | String | $.meta.env\n"
                                  "column env_again | LowCardinality(String) | $.meta.env\n",
                                  R"({"meta":{"env":"prod","x":"1"}})");
    CHECK(outcome.status == kAccepted);
    CHECK(outcome.dropped.empty());
    CHECK(outcome.written ==
          R"({"whole":"{\"meta\":{\"env\":\"prod\",\"x\":\"1\"}}","meta":"{\"env\":\"prod\",\"x\":\"1\"}",)"
          R"("meta_map":{"env":"prod","x":"1"},"env":"prod","env_again":"prod"})"
          "\n");
}

TEST_CASE("keys without a column are dropped, unless a column above keeps them") {
    const Outcome outcome =
        check("column id | String | $.id\ncolumn env | String | $.meta.env | default ''\n"
              "column raw | String | $.raw\ncolumn part | String | $.raw.part | default ''\n",
              R"({"id":"1","x":1,"meta":{"env":"e","y":2},"raw":{"part":"p","z":3},"i\u0064":2})");
    CHECK(outcome.status == kAccepted);
    CHECK(outcome.dropped == Texts{"\"x\"", "\"y\""});
    // `i\u0064` is `id` once more.
    CHECK(outcome.notes == Texts{"E042"});
}

TEST_CASE("a value where an object is expected leaves the columns below without one") {
    const Outcome outcome = check("column env | String | $.meta.env | default ''\n", R"({"meta":"text"})");
    CHECK(outcome.status == kAccepted);
    CHECK(outcome.dropped == Texts{"\"meta\""});
}

TEST_CASE("of two equal keys the first counts, objects included") {
    const Outcome outcome = check("column a | UInt8 | $.a\ncolumn b | UInt8 | $.o.b\n",
                                  R"({"a":1,"a":999,"o":{"b":1},"o":{"b":999}})");
    CHECK(outcome.status == kAccepted);
    CHECK(outcome.notes == Texts{"E042", "E042"});
    CHECK(outcome.written == "{\"a\":1,\"b\":1}\n");
}

TEST_CASE("a field of each element makes an array") {
    const std::string declaration = "column ids | Array(UInt8) | $.items[:].id\n"
                                    "column names | Array(Nullable(String)) | $.items[:].meta.name\n";
    const Outcome good = check(
        declaration, R"({"items":[{"id":1,"meta":{"name":"a"}},{"id":2},{"id":3,"meta":{"name":null}}]})");
    CHECK(good.written == R"({"ids":[1,2,3],"names":["a",null,null]})"
                          "\n");
    CHECK(check(declaration, R"({"items":[{"id":1},{}]})").notes == Texts{"E010 ids"});
    CHECK(check(declaration, R"({"items":[7]})").notes == Texts{"E010 ids"});
    CHECK(check(declaration, R"({"items":7})").notes == Texts{"E012 ids", "E012 names"});
}

TEST_CASE("quoted keys and column names with odd signs go through") {
    const Outcome outcome =
        check("column a \"b | String | $.['key with space'].['$x']\n", R"({"key with space":{"$x":"v"}})");
    CHECK(outcome.written == R"({"a \"b":"v"})"
                             "\n");
}

TEST_CASE("rules of the definition are broken without quarantine") {
    const std::string declaration =
        "column status | LowCardinality(String) | $.status | allowed success, error\n"
        "column width | Int64 | $.width | default 0 | range 1..16384\n"
        "column note | Array(String) | $.note[:] | default [] | max_chars 3\n"
        "column share | Float64 | $.share | default 0 | range ..1\n";
    const Outcome outcome =
        check(declaration, R"({"status":"timeout","width":0,"note":["äöü","abcd"],"share":1.5})");
    CHECK(outcome.status == kAccepted);
    CHECK(outcome.notes == Texts{"E030 status", "E031 width", "E032 note", "E031 share"});
    CHECK_FALSE(outcome.written.empty());
    CHECK(check(declaration, R"({"status":"error","width":16384,"share":1})").notes.empty());
}

TEST_CASE("personal values are warned of, never refused") {
    const std::string declaration = "column ip | String | $.ip | default '' | privacy ip\n"
                                    "column prompt | String | $.prompt | default '' | privacy prompt\n"
                                    "column meta | String | $.meta | default ''\n"
                                    "column keys | Map(String, String) | $.keys | default map()\n";
    const Outcome outcome = check(
        declaration, R"({"ip":"198.51.100.23","prompt":")" + std::string(121, 'x') +
                         R"(","meta":{"auth":"Bearer abcdefgh1234"},"keys":{"a":"sk-none-1111INVENTED"}})");
    CHECK(outcome.status == kAccepted);
    CHECK(outcome.notes == Texts{"P002 ip", "P003 prompt", "P001 meta", "P001 keys"});
}

TEST_CASE("a refused row leaves nothing behind in the rows written before it") {
    const EventCase event_case = parse_event_case("case", "datasource d\ncolumn a | UInt8 | $.a\n---\n");
    const events::EventSchema schema = compiled(event_case);
    events::EventChecker checker(schema);
    std::string written;
    checker.check(R"({"a":1})", &written);
    checker.check(R"({"a":300})", &written);
    checker.check(R"({"a":)", &written);
    checker.check(R"({"a":2})", &written);
    CHECK(written == "{\"a\":1}\n{\"a\":2}\n");
}
