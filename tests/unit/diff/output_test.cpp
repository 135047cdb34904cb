#include "base/text.hpp"
#include "codec/query_output.hpp"
#include "codec/sql_form.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::codec;

namespace {

std::string columns(std::string_view sql) {
    const QueryOutput output = read_output(sql);
    return output.columns ? join(*output.columns, "|") : "unknown";
}

} // namespace

TEST_CASE("the columns of a query have the names that the engine gives them") {
    CHECK(columns("SELECT a, t.b, `c d`, f(x) AS y, sum(x) z FROM t") == "a|b|c d|y|z");
    CHECK(columns("SELECT count(), a + 1, 'x', CASE WHEN a THEN 1 END FROM t") ==
          "count()|a + 1|'x'|CASE WHEN a THEN 1 END");
    CHECK(columns("SELECT DISTINCT a FROM t") == "a");
    CHECK(columns("SELECT a, FROM t") == "a");
    CHECK(columns("WITH (SELECT 1 AS no) AS x, y AS (SELECT no FROM t) SELECT x, b FROM y") == "x|b");
    CHECK(columns("(SELECT a FROM t)") == "a");
    CHECK(columns("SELECT a FROM t UNION ALL SELECT b FROM u") == "a");
    CHECK(columns("SELECT (SELECT max(b) AS m FROM u) AS a, [1, 2] AS list FROM t") == "a|list");
    CHECK(columns("SELECT x -> x + 1 AS f FROM t") == "f");
    CHECK(columns("SELECT a IS NOT NULL FROM t") == "a IS NOT NULL");
}

TEST_CASE("a query that selects whatever there is has no names to tell") {
    for (const char* sql :
         {"SELECT * FROM t", "SELECT a, t.* FROM t", "SELECT COLUMNS('a') FROM t",
          "SELECT * EXCEPT (a) FROM t", "SELECT DISTINCT ON (a) b FROM t", "", "nothing", "SELECT"}) {
        INFO(sql);
        CHECK(columns(sql) == "unknown");
    }
    CHECK(columns("SELECT a * b AS c FROM t") == "c");
    CHECK(columns("SELECT count(*) AS c FROM t") == "c");
}

TEST_CASE("grouping and ordering are those of the outermost query") {
    const QueryOutput output =
        read_output("SELECT a, (SELECT b FROM u GROUP BY b LIMIT 1) AS c FROM t WHERE 1 "
                    "GROUP BY  a -- by a\n, c WITH TOTALS HAVING x ORDER BY a DESC LIMIT 5 "
                    "SETTINGS max_threads = 1");
    CHECK(output.group_by == "a, c");
    CHECK(output.order == "ORDER BY a DESC LIMIT 5");
    CHECK(read_output("SELECT a FROM t").group_by.empty());
    CHECK(read_output("SELECT a FROM t").order.empty());
    CHECK(read_output("SELECT a FROM t GROUP").group_by.empty());
}

TEST_CASE("layout, comments and needless quotes are no part of SQL's form") {
    CHECK(sql_form("SELECT `a`,b/* x */FROM \"t\"") == sql_form("SELECT a, b -- y\nFROM t"));
    CHECK(sql_form("SELECT 'a  b'") != sql_form("SELECT 'a b'"));
    CHECK(sql_form("SELECT `from`") != sql_form("SELECT from"));
    CHECK(sql_form("SELECT `a b`") == "SELECT `a b`");
    CHECK(sql_form("SELECT a -- {{x}}") == "SELECT a");
    CHECK(sql_form("%\nSELECT a -- {{x}}") != sql_form("%\nSELECT a"));
}

TEST_CASE("a key is a list however it is written") {
    using Key = std::vector<std::string>;
    CHECK(key_form("(a, `b`)") == Key{"a", "b"});
    CHECK(key_form("a,f(b, c)") == Key{"a", "f(b, c)"});
    CHECK(key_form("tuple()").empty());
    CHECK(key_form("").empty());
}

TEST_CASE("an expression that never has the same value twice is known by its functions") {
    CHECK(is_volatile("now()"));
    CHECK(is_volatile("toDate(NOW64(3))"));
    CHECK(is_volatile("generateUUIDv4()"));
    CHECK_FALSE(is_volatile("toDateTime(0)"));
    CHECK_FALSE(is_volatile("'now()'"));
    CHECK_FALSE(is_volatile("nowhere"));
}
