#include "base/codes.hpp"
#include "events/checker.hpp"
#include "events/row_writer.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

const std::string kDeclaration = "datasource d\n"
                                 "column a | UInt8 | $.a\n"
                                 "column t | DateTime | $.t\n"
                                 "column o | String | $.o | default ''\n"
                                 "column x | String | $.o.x | default ''\n"
                                 "column l | Array(UInt8) | $.l[:].v | default []\n"
                                 "---\n";

} // namespace

TEST_CASE("a quarantined row keeps its errors in two lists and its values as they were sent") {
    const events::EventSchema schema = compiled(parse_event_case("case", kDeclaration));
    events::EventChecker checker(schema);
    const std::string row = R"({"a":300,"o":{"x":"é\n"},"l":[{"v":1}],"a":1})";
    const events::Verdict& verdict = checker.check(row);
    std::string out;
    events::append_quarantine_row(out, schema, checker.row(), verdict, {"01ABC", "2025-06-18 09:12:03"});
    CHECK(
        out ==
        R"({"c__error_column":["a","t"],"c__error":["value '300' on column 'a' is not UInt8",)"
        R"("Strict type checking failed. Object does not have column 't', you should send a value or recreate the table )"
        R"(with a Nullable column type. While accessing jsonpath '$.t'"],"c__import_id":"01ABC","a":"300",)"
        R"("o":"{\"x\":\"é\\n\"}","x":"é\n","l":"[{\"v\":1}]","insertion_date":"2025-06-18 09:12:03"})"
        "\n");
    CHECK(nlohmann::json::accept(out));
}

TEST_CASE("a dead letter holds the line as it was, even when it is no text") {
    const events::EventSchema schema = compiled(parse_event_case("case", kDeclaration));
    events::EventChecker checker(schema);
    std::string out;
    const std::string broken = "{\"a\":";
    events::append_dead_letter(out, schema, broken, 7, checker.check(broken).reasons);
    CHECK(
        out ==
        R"({"line":7,"errors":[{"code":"E020","text":"the row ends inside a value, at character 6"}],"row":"{\"a\":"})"
        "\n");
    out.clear();
    const std::string bytes = "{\"a\":\"\xff\"}";
    events::append_dead_letter(out, schema, bytes, 8, checker.check(bytes).reasons);
    CHECK(
        out ==
        R"({"line":8,"errors":[{"code":"E021","text":"a byte is not UTF-8, at character 7"}],"row_bytes":"{\"a\":\"ÿ\"}"})"
        "\n");
}
