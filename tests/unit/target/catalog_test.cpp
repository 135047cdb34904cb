#include "support/engine_library.hpp"
#include "target/catalog.hpp"
#include "target/embedded.hpp"
#include "target/sql_text.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::target;

namespace {

std::unique_ptr<SqlChannel> scratch(const std::shared_ptr<engine::Library>& library) {
    auto channel = open_scratch(library);
    REQUIRE(channel);
    return std::move(channel).value();
}

void run(SqlChannel& channel, const std::vector<std::string>& statements) {
    for (const std::string& sql : statements) {
        INFO(sql);
        const Result<void> done = channel.execute(sql);
        INFO((done ? "" : done.error().message));
        REQUIRE(done);
    }
}

Catalog catalog_of(SqlChannel& channel, const std::string& database) {
    Result<Catalog> catalog = read_catalog(channel, database);
    INFO((catalog ? "" : catalog.error().message));
    REQUIRE(catalog);
    return std::move(catalog).value();
}

const std::vector<std::string> kChain = {
    R"(CREATE TABLE events (id UInt64, at DateTime('UTC') DEFAULT now() COMMENT 'it\'s' CODEC(Delta, ZSTD(3)),
       kind LowCardinality(Nullable(String)), m INT DEFAULT 1+2, INDEX by_kind kind TYPE bloom_filter(0.01) GRANULARITY 2)
       ENGINE = ReplacingMergeTree(at) PARTITION BY (toYYYYMM(at)) PRIMARY KEY (id) ORDER BY (id, at)
       TTL (at + INTERVAL 30 DAY) SETTINGS min_bytes_for_wide_part = 0, index_granularity=4096)",
    "CREATE TABLE days (day Date, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree "
    "ORDER BY (day)",
    "CREATE TABLE lookup (k UInt64, v String) ENGINE = Join(ANY, LEFT, k)",
    "CREATE TABLE sink (k UInt64) ENGINE = Null COMMENT 'nowhere'",
    "CREATE MATERIALIZED VIEW daily TO days AS SELECT toDate(at) AS day, count() AS n FROM events AS e, "
    "lookup AS l "
    "WHERE e.id IN (SELECT k FROM lookup) AND 'shop.events' != kind GROUP BY day",
    "CREATE MATERIALIZED VIEW inner_one ENGINE = MergeTree ORDER BY id AS SELECT id FROM events",
};

void build(SqlChannel& channel, const std::string& database,
           const std::vector<std::string>& statements = kChain) {
    run(channel, {"CREATE DATABASE " + identifier(database), "USE " + identifier(database)});
    run(channel, statements);
}

TableState table_state(const std::string& type) {
    TableState table;
    table.name = "t";
    table.engine = "MergeTree";
    table.sorting_key = "id";
    table.columns = {{"id", "UInt64", "", "", "", ""}, {"a", type, "DEFAULT", "1", "", ""}};
    table.indexes = {{"i", "a", "minmax", "1"}};
    return table;
}

} // namespace

TEST_CASE("a catalog holds tables and views as the engine prints them") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch(library);
    build(*channel, "shop");
    const Catalog catalog = catalog_of(*channel, "shop");

    std::vector<std::string> names;
    for (const TableState& table : catalog.tables) {
        names.push_back(table.name);
    }
    CHECK(names == std::vector<std::string>{"daily", "days", "events", "inner_one", "lookup", "sink"});

    const TableState* events = find_table(catalog, "events");
    REQUIRE(events != nullptr);
    CHECK(events->identity.uuid.size() == 36);
    TableState expected;
    expected.name = "events";
    expected.engine = "ReplacingMergeTree(at)";
    expected.partition_key = "toYYYYMM(at)";
    expected.sorting_key = "id, at";
    expected.primary_key = "id";
    expected.ttl = "at + toIntervalDay(30)";
    expected.settings = {"index_granularity = 4096", "min_bytes_for_wide_part = 0"};
    expected.columns = {{"id", "UInt64", "", "", "", ""},
                        {"at", "DateTime('UTC')", "DEFAULT", "now()", "Delta(4), ZSTD(3)", "it's"},
                        {"kind", "LowCardinality(Nullable(String))", "", "", "", ""},
                        {"m", "Int32", "DEFAULT", "1 + 2", "", ""}};
    expected.indexes = {{"by_kind", "kind", "bloom_filter(0.01)", "2"}};
    CHECK(compare(*events, expected) == std::vector<FieldDifference>{});
    CHECK(*events == expected);

    const TableState* daily = find_table(catalog, "daily");
    REQUIRE(daily != nullptr);
    CHECK(daily->engine == "MaterializedView");
    CHECK(daily->view_target == "days");
    CHECK(
        daily->select ==
        "SELECT toDate(at) AS day, count() AS n FROM events AS e, lookup AS l WHERE (e.id IN (SELECT k FROM "
        "lookup)) AND ('shop.events' != kind) GROUP BY day");
    CHECK(find_table(catalog, "lookup")->engine == "Join(ANY, LEFT, k)");
    CHECK(find_table(catalog, "sink")->engine == "Null");
    CHECK(find_table(catalog, "sink")->comment == "nowhere");
    CHECK(find_table(catalog, "inner_one")->view_target.empty());
    CHECK(find_table(catalog, "nothing") == nullptr);
}

TEST_CASE("the same statements in two databases give equal catalogs") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch(library);
    build(*channel, "shop");
    build(*channel, "my-\\proof`'s");
    const Catalog shop = catalog_of(*channel, "shop");
    const Catalog proof = catalog_of(*channel, "my-\\proof`'s");
    REQUIRE(shop.tables.size() == proof.tables.size());
    for (std::size_t i = 0; i < shop.tables.size(); ++i) {
        INFO(shop.tables[i].name);
        CHECK(compare(shop.tables[i], proof.tables[i]) == std::vector<FieldDifference>{});
    }
    CHECK(shop == proof);
}

TEST_CASE("a database that is called like one of its tables gives the same catalog") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch(library);
    const std::vector<std::string> chain = {
        "CREATE TABLE shop (id UInt64) ENGINE = MergeTree ORDER BY id",
        "CREATE TABLE copy (id UInt64) ENGINE = Null",
        "CREATE MATERIALIZED VIEW v TO copy AS SELECT s.id FROM shop AS s WHERE s.id > 0",
        "CREATE VIEW w AS SELECT shop.id + 1 AS next FROM shop"};
    build(*channel, "shop", chain);
    build(*channel, "proof", chain);
    CHECK(catalog_of(*channel, "shop") == catalog_of(*channel, "proof"));
}

TEST_CASE("a table made at once equals one that was altered into shape") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch(library);
    build(*channel, "at_once",
          {"CREATE TABLE t (id UInt64, b LowCardinality(String) DEFAULT 'x' CODEC(ZSTD(3)), a Int32, INDEX i "
           "a TYPE minmax) "
           "ENGINE = MergeTree ORDER BY id TTL toDateTime(a) + INTERVAL 1 WEEK SETTINGS index_granularity = "
           "8192"});
    build(*channel, "altered",
          {"CREATE TABLE t (id UInt64, old Int16) ENGINE = MergeTree ORDER BY (id)",
           "INSERT INTO t VALUES (1, 2)", "ALTER TABLE t RENAME COLUMN old TO a",
           "ALTER TABLE t MODIFY COLUMN a INT",
           "ALTER TABLE t ADD COLUMN b LowCardinality(String) CODEC(ZSTD(3)) AFTER id",
           "ALTER TABLE t MODIFY COLUMN b DEFAULT 'x'",
           "ALTER TABLE t ADD INDEX i a TYPE minmax GRANULARITY 1",
           "ALTER TABLE t MODIFY TTL toDateTime(a) + toIntervalWeek(1)"});
    const Catalog at_once = catalog_of(*channel, "at_once");
    const Catalog altered = catalog_of(*channel, "altered");
    CHECK(compare(at_once.tables.at(0), altered.tables.at(0)) == std::vector<FieldDifference>{});
    CHECK(at_once == altered);
    CHECK(at_once.tables[0].identity.uuid != altered.tables[0].identity.uuid);
}

TEST_CASE("a column that is called like a clause does not break the reading") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch(library);
    build(
        *channel, "odd",
        {"CREATE TABLE t (`TTL` UInt64, `SETTINGS` String) ENGINE = MergeTree ORDER BY (`TTL`, `SETTINGS`)"});
    const Catalog catalog = catalog_of(*channel, "odd");
    CHECK(catalog.tables.at(0).engine == "MergeTree");
    CHECK(catalog.tables[0].ttl.empty());
    CHECK(catalog.tables[0].settings == std::vector<std::string>{"index_granularity = 8192"});
}

TEST_CASE("a database that does not exist holds nothing") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch(library);
    CHECK(catalog_of(*channel, "'; DROP DATABASE x; --") == Catalog{});
}

TEST_CASE("two tables differ by named fields") {
    const TableState left = table_state("UInt8");
    CHECK(compare(left, left).empty());

    TableState right = table_state("UInt16");
    right.sorting_key = "id, a";
    right.ttl = "at + toIntervalDay(1)";
    right.settings = {"index_granularity = 1"};
    right.columns[1].default_expression = "2";
    right.columns[1].codec = "ZSTD(1)";
    right.columns.push_back({"b", "String", "DEFAULT", "'x'", "", ""});
    right.indexes = {{"i", "a", "minmax", "2"}, {"j", "id", "minmax", "1"}};
    right.identity.uuid = "another";
    CHECK(compare(left, right) ==
          std::vector<FieldDifference>{
              {"sorting key", "id", "id, a"},
              {"TTL", "", "at + toIntervalDay(1)"},
              {"settings", "", "index_granularity = 1"},
              {"type of column `a`", "UInt8", "UInt16"},
              {"default of column `a`", "DEFAULT 1", "DEFAULT 2"},
              {"codec of column `a`", "", "ZSTD(1)"},
              {"column `b`", "", "String DEFAULT 'x'"},
              {"index `i`", "a TYPE minmax GRANULARITY 1", "a TYPE minmax GRANULARITY 2"},
              {"index `j`", "", "id TYPE minmax GRANULARITY 1"}});
}

TEST_CASE("columns in another order are one difference, whatever else one side lacks") {
    const TableState left = table_state("UInt8");
    TableState right = left;
    std::reverse(right.columns.begin(), right.columns.end());
    CHECK(compare(left, right) == std::vector<FieldDifference>{{"order of columns", "id, a", "a, id"}});
    right.columns.insert(right.columns.begin() + 1, ColumnState{"x", "Int8", "", "", "", ""});
    CHECK(compare(left, right) ==
          std::vector<FieldDifference>{{"column `x`", "", "Int8"}, {"order of columns", "id, a", "a, id"}});
}
