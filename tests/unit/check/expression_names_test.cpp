#include "base/text.hpp"
#include "ops/rules/expression_names.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using ops::expression_names;

namespace {

std::string names(std::string_view expression) {
    std::vector<std::string> all;
    for (const ops::ExpressionName& name : expression_names(expression)) {
        CHECK(name.end > name.begin);
        all.push_back(name.name);
    }
    return join(all, " ");
}

} // namespace

TEST_CASE("columns are names that are no functions") {
    CHECK(names("a, b") == "a b");
    CHECK(names("toYYYYMM(at), cityHash64(id)") == "at id");
    CHECK(names("tuple()") == "");
    CHECK(names("`odd name`, \"other\"") == "odd name other");
    CHECK(names("n.a, json.b.c") == "n.a json.b.c");
    CHECK(names("a.1") == "a");
}

TEST_CASE("an interval's unit is no column, and what it counts may be one") {
    CHECK(names("ts + INTERVAL 30 DAY") == "ts");
    CHECK(names("toDate(ts) + INTERVAL '1' month") == "ts");
    CHECK(names("ts + interval keep_days days") == "ts keep_days");
    CHECK(names("ts + toIntervalDay(60)") == "ts");
    CHECK(names("dateDiff(day, a, b)") == "a b");
    CHECK(names("EXTRACT(YEAR FROM at)") == "at");
    CHECK(names("day") == "day");
    CHECK(names("toStartOfHour(hour), minute") == "hour minute");
}

TEST_CASE("literals, aliases and types are no columns") {
    CHECK(names("'a text', 12, 1.5e3, NULL, true") == "");
    CHECK(names("CAST(a AS Nullable(String))") == "a");
    CHECK(names("CAST(a, 'UInt8')") == "a");
    CHECK(names("a::LowCardinality(String), b::Date") == "a b");
    CHECK(names("f(a::Date), b") == "a b");
    CHECK(names("(a + 1) AS c, c") == "a");
    CHECK(names("DATE '2024-01-01', date") == "date");
    CHECK(names("CASE WHEN a = 1 THEN b ELSE c END") == "a b c");
    CHECK(names("a NOT IN (1, 2) AND b IS NOT NULL") == "a b");
}

TEST_CASE("the arguments of lambdas are no columns") {
    CHECK(names("arrayMap(x -> x + y, list)") == "y list");
    CHECK(names("arrayFilter((x, i) -> i > 1 AND x != z, list)") == "z list");
    CHECK(names("mapApply((k, v) -> (k, v), m)") == "m");
}

TEST_CASE("what a TTL does then names columns only in its conditions") {
    CHECK(names("ts + INTERVAL 1 DAY DELETE WHERE kind = 'x'") == "ts kind");
    CHECK(names("ts TO VOLUME 'cold', ts + INTERVAL 1 YEAR RECOMPRESS CODEC(ZSTD(9))") == "ts ts");
    CHECK(names("d GROUP BY k SET x = max(x)") == "d k x x");
}

TEST_CASE("nothing is said of a text that is filled in elsewhere or is not closed") {
    CHECK(names("{{ columns }}") == "");
    CHECK(names("$KEY, a") == "");
    CHECK(names("a, 'open") == "");
    CHECK(names("") == "");
    CHECK(names(")))((") == "");
    CHECK(names("CAST(a AS") == "a");
    CHECK(names("a ::") == "a");
    CHECK(names("CODEC(") == "");
}

TEST_CASE("parts stand between the commas that are in no bracket") {
    using Parts = std::vector<std::string_view>;
    CHECK(ops::expression_parts("a, f(b, c), [d, e]") == Parts{"a", "f(b, c)", "[d, e]"});
    CHECK(ops::expression_parts("'x, y'") == Parts{"'x, y'"});
    CHECK(ops::expression_parts("") == Parts{""});
    CHECK(ops::plain_name("a") == "a");
    CHECK(ops::plain_name("(`a b`)") == "a b");
    CHECK(ops::plain_name("f(a)") == "");
    CHECK(ops::plain_name("a + b") == "");
    CHECK(ops::plain_name("1") == "");
}
