#include "target/engine_clause.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::target;

TEST_CASE("an engine clause is taken apart") {
    CHECK(parse_engine_clause(
              "ReplacingMergeTree(ts) PARTITION BY (toYYYYMM(ts)) PRIMARY KEY (id) ORDER BY (id, ts) "
              "TTL (ts + toIntervalDay(30)) SETTINGS index_granularity = 4096, disk = disk(type = local, "
              "path = '/a, b')") ==
          EngineClause{"ReplacingMergeTree(ts)",
                       "ts + toIntervalDay(30)",
                       {"disk = disk(type = local, path = '/a, b')", "index_granularity = 4096"}});
    CHECK(parse_engine_clause("Join(ANY, LEFT, k)") == EngineClause{"Join(ANY, LEFT, k)", "", {}});
    CHECK(parse_engine_clause("`Null`") == EngineClause{"Null", "", {}});
    CHECK(parse_engine_clause("") == EngineClause{});
}

TEST_CASE("keywords inside strings, quotes and parentheses start no clause") {
    CHECK(
        parse_engine_clause(
            "MergeTree ORDER BY (`TTL`, concat(a, ' SETTINGS x')) TTL d + toIntervalDay(1) WHERE s = 'TTL', "
            "d + toIntervalMonth(2) GROUP BY d SET n = sum(n)") ==
        EngineClause{"MergeTree",
                     "d + toIntervalDay(1) WHERE s = 'TTL', d + toIntervalMonth(2) GROUP BY d SET n = sum(n)",
                     {}});
}

TEST_CASE("a query loses the database before its tables") {
    CHECK(without_database("SELECT a FROM shop.t LEFT JOIN `shop`.`u x` AS q ON q.k = t.id", "shop", {}) ==
          "SELECT a FROM t LEFT JOIN `u x` AS q ON q.k = t.id");
    CHECK(without_database("SELECT a FROM `my-db`.t, `my-db`.j WHERE b IN (`my-db`.j)", "my-db",
                           {"t", "j"}) == "SELECT a FROM t, j WHERE b IN (j)");
}

TEST_CASE("an alias or a text that is called like the database stays") {
    CHECK(without_database("SELECT shop.id, 'shop.t' FROM shop.shop AS shop WHERE x.shop.t = 1", "shop",
                           {"shop", "t"}) == "SELECT shop.id, 'shop.t' FROM shop AS shop WHERE x.shop.t = 1");
    CHECK(without_database("SELECT other.t.id FROM other.t", "shop", {"t"}) ==
          "SELECT other.t.id FROM other.t");
    CHECK(without_database("", "shop", {}).empty());
    CHECK(without_database("shop.", "shop", {}) == "shop.");
}
