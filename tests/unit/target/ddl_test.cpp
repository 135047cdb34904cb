#include "support/engine_library.hpp"
#include "target/ddl.hpp"
#include "target/embedded.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::target;

namespace {

using Statements = std::vector<std::string>;

model::Column column(std::string name, std::string type, std::optional<std::string> default_expression = {},
                     std::optional<std::string> codec = {}) {
    model::Column made;
    made.name = std::move(name);
    made.type = std::move(type);
    made.default_expression = std::move(default_expression);
    made.codec = std::move(codec);
    return made;
}

model::Index index(std::string name, std::string expression, std::string type, std::string granularity) {
    model::Index made;
    made.name = std::move(name);
    made.expression = std::move(expression);
    made.type = std::move(type);
    made.granularity = std::move(granularity);
    return made;
}

model::Datasource events() {
    model::Datasource events;
    events.name = "events";
    events.columns = {column("id", "UInt64"),
                      column("at", "DateTime('UTC')", "now()", "Delta, ZSTD(3)"),
                      column("kind", "LowCardinality(String)", "'text'"),
                      column("note", "Nullable(LowCardinality(String))"),
                      column("cost", "Decimal(18, 6)", "0"),
                      column("we`ird", "Array(UInt8)")};
    events.indexes = {index("by_kind", "kind", "bloom_filter(0.01)", "2"),
                      index("by_two", "cost, lower(kind)", "minmax", "1")};
    events.engine.partition_key = "toYYYYMM(at)";
    events.engine.sorting_key = "id, at";
    events.engine.primary_key = "id";
    events.engine.ttl = "at + INTERVAL 365 DAY";
    events.engine.settings = "index_granularity = 4096";
    return events;
}

model::Datasource of_engine(const std::string& kind) {
    model::Datasource datasource;
    datasource.name = "t";
    datasource.columns = {column("id", "UInt64"),     column("sign", "Int8"), column("version", "UInt32"),
                          column("deleted", "UInt8"), column("a", "UInt64"),  column("b", "UInt64")};
    datasource.engine.kind = kind;
    return datasource;
}

// The last line of a table that has no clause but ORDER BY.
std::string engine_line(const model::Datasource& datasource) {
    const std::string sql = create_table(datasource, "db", datasource.name);
    return sql.substr(sql.find("ENGINE"));
}

void run_all(SqlChannel& channel, const Statements& statements) {
    for (const std::string& sql : statements) {
        INFO(sql);
        const Result<void> done = channel.execute(sql);
        INFO((done ? "" : done.error().message));
        CHECK(done);
    }
}

std::unique_ptr<SqlChannel> scratch_database(const std::shared_ptr<engine::Library>& library) {
    auto scratch = open_scratch(library);
    REQUIRE(scratch);
    run_all(**scratch, {"CREATE DATABASE `my-db`", "USE `my-db`"});
    return std::move(scratch).value();
}

std::string answer(SqlChannel& channel, std::string_view sql) {
    const Result<QueryResult> result = channel.query(sql, "TSV", {});
    return result ? result->bytes : result.error().message;
}

struct Case {
    model::StepAction action;
    Statements expected;
};

// One of each step, in an order that a table of `events` goes through.
std::vector<Case> one_of_each() {
    const std::string alter = "ALTER TABLE `my-db`.`events` ";
    return {
        {model::AddColumn{"events", column("width", "UInt16", "0", "ZSTD(1)"), {false, "id"}},
         {alter + "ADD COLUMN `width` UInt16 DEFAULT 0 CODEC(ZSTD(1)) AFTER `id`"}},
        {model::AddColumn{"events", column("head", "Nullable(LowCardinality(String))"), {true, ""}},
         {alter + "ADD COLUMN `head` LowCardinality(Nullable(String)) FIRST"}},
        {model::AddColumn{"events", column("tail", "String"), {}}, {alter + "ADD COLUMN `tail` String"}},
        {model::MoveColumn{"events", "cost", {true, ""}},
         {alter + "MODIFY COLUMN `cost` Decimal(18, 6) FIRST"}},
        {model::MoveColumn{"events", "id", {false, "we`ird"}},
         {alter + "MODIFY COLUMN `id` UInt64 AFTER `we\\`ird`"}},
        {model::DropColumn{"events", "tail"}, {alter + "DROP COLUMN `tail`"}},
        {model::RenameColumn{"events", "we`ird", "plain"}, {alter + "RENAME COLUMN `we\\`ird` TO `plain`"}},
        {model::ChangeType{"events", "width", "UInt32"}, {alter + "MODIFY COLUMN `width` UInt32"}},
        {model::SetDefault{"events", "width", "1 + 2"}, {alter + "MODIFY COLUMN `width` DEFAULT 1 + 2"}},
        {model::SetDefault{"events", "width", std::nullopt},
         {alter + "MODIFY COLUMN `width` REMOVE DEFAULT"}},
        {model::SetNullable{"events", "kind", true},
         {alter + "MODIFY COLUMN `kind` LowCardinality(Nullable(String))"}},
        {model::SetNullable{"events", "kind", false},
         {alter + "MODIFY COLUMN `kind` LowCardinality(String)"}},
        {model::SetNullable{"events", "note", false},
         {alter + "MODIFY COLUMN `note` LowCardinality(String) DEFAULT "
                  "defaultValueOfTypeName('LowCardinality(String)')",
          alter + "MODIFY COLUMN `note` REMOVE DEFAULT"}},
        {model::SetTtl{"events", "at + INTERVAL 30 DAY"}, {alter + "MODIFY TTL at + INTERVAL 30 DAY"}},
        {model::SetTtl{"events", ""}, {alter + "REMOVE TTL"}},
        {model::AddIndex{"events", index("by_cost", "cost", "minmax", "3")},
         {alter + "ADD INDEX `by_cost` cost TYPE minmax GRANULARITY 3"}},
        {model::DropIndex{"events", "by_cost"}, {alter + "DROP INDEX `by_cost`"}},
        {model::CreateMaterializedView{
             "daily", "days", "SELECT toDate(at) AS day, count() AS n\nFROM events GROUP BY day\n", false},
         {"CREATE MATERIALIZED VIEW `my-db`.`daily` TO `my-db`.`days`\nAS SELECT toDate(at) AS day, count() "
          "AS n\nFROM events "
          "GROUP BY day"}},
        {model::ChangeMaterializedView{"daily",
                                       "SELECT toDate(at) AS day, 2 * count() AS n FROM events GROUP BY day"},
         {"ALTER TABLE `my-db`.`daily` MODIFY QUERY SELECT toDate(at) AS day, 2 * count() AS n FROM events "
          "GROUP BY day"}},
        {model::SetJsonPath{"events", "width", "$.width"}, {}},
        {model::DropMaterializedView{"daily"}, {"DROP VIEW `my-db`.`daily`"}},
        {model::DropDatasource{"events"}, {"DROP TABLE `my-db`.`events`"}},
    };
}

model::Datasource days() {
    model::Datasource days;
    days.name = "days";
    days.columns = {column("day", "Date"), column("n", "UInt64")};
    days.engine.kind = "SummingMergeTree";
    days.engine.sorting_key = "day";
    return days;
}

} // namespace

TEST_CASE("a table is written with its columns, indexes and every clause of its engine") {
    CHECK(create_table(events(), "my-db", "events_2") == R"(CREATE TABLE `my-db`.`events_2`
(
    `id` UInt64,
    `at` DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(3)),
    `kind` LowCardinality(String) DEFAULT 'text',
    `note` LowCardinality(Nullable(String)),
    `cost` Decimal(18, 6) DEFAULT 0,
    `we\`ird` Array(UInt8),
    INDEX `by_kind` kind TYPE bloom_filter(0.01) GRANULARITY 2,
    INDEX `by_two` (cost, lower(kind)) TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
PRIMARY KEY id
ORDER BY (id, at)
TTL at + INTERVAL 365 DAY
SETTINGS index_granularity = 4096)");
}

TEST_CASE("every engine is written with its own arguments") {
    model::Datasource replacing = of_engine("replacingmergetree");
    replacing.engine.sorting_key = "(id)";
    replacing.engine.version_column = "version";
    CHECK(engine_line(replacing) == "ENGINE = ReplacingMergeTree(version)\nORDER BY id");
    replacing.engine.is_deleted_column = "deleted";
    CHECK(engine_line(replacing) == "ENGINE = ReplacingMergeTree(version, deleted)\nORDER BY id");

    model::Datasource summing = of_engine("SummingMergeTree");
    summing.engine.summing_columns = "a, b";
    CHECK(engine_line(summing) == "ENGINE = SummingMergeTree((a, b))\nORDER BY tuple()");

    model::Datasource collapsing = of_engine("CollapsingMergeTree");
    collapsing.engine.sign_column = "sign";
    CHECK(engine_line(collapsing) == "ENGINE = CollapsingMergeTree(sign)\nORDER BY tuple()");

    model::Datasource versioned = of_engine("VersionedCollapsingMergeTree");
    versioned.engine.sign_column = "sign";
    versioned.engine.collapsing_version = "version";
    CHECK(engine_line(versioned) == "ENGINE = VersionedCollapsingMergeTree(sign, version)\nORDER BY tuple()");

    model::Datasource join = of_engine("Join");
    join.engine.join_strictness = "ANY";
    join.engine.join_type = "LEFT";
    join.engine.key_columns = "id, sign";
    CHECK(engine_line(join) == "ENGINE = Join(ANY, LEFT, id, sign)");

    CHECK(engine_line(of_engine("Null")) == "ENGINE = Null");
    CHECK(engine_line(of_engine("Log")) == "ENGINE = Log");
}

TEST_CASE(
    "a step without its column before gives a statement the engine refuses, not one that does nothing") {
    CHECK(statements_for(model::SetNullable{"events", "gone", true}, nullptr, "db") ==
          Statements{"ALTER TABLE `db`.`events` MODIFY COLUMN `gone` Nullable()"});
}

TEST_CASE("every step has its statements") {
    const model::Datasource before = events();
    for (const Case& one : one_of_each()) {
        CHECK(statements_for(one.action, &before, "my-db") == one.expected);
    }
    CHECK(statements_for(model::CreateDatasource{before}, nullptr, "my-db") ==
          Statements{create_table(before, "my-db", "events")});
}

TEST_CASE("the engine takes every step") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch_database(library);
    run_all(*channel, {create_table(events(), "my-db", "events"), create_table(days(), "my-db", "days")});
    run_all(*channel, {"INSERT INTO events (id, at, note) VALUES (1, now(), NULL), (2, now(), 'x')"});
    for (const Case& one : one_of_each()) {
        run_all(*channel, one.expected);
    }
}

TEST_CASE("a moved column keeps all that it has, and no row is written again") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch_database(library);
    run_all(
        *channel,
        {"CREATE TABLE t (id UInt64, kind String DEFAULT concat('k', toString(id)) COMMENT 'a note' "
         "CODEC(ZSTD(3)), twice UInt64 MATERIALIZED id * 2, at DateTime('UTC') TTL at + INTERVAL 50 "
         "YEAR, part UInt8, INDEX by_kind kind TYPE minmax) ENGINE = MergeTree PARTITION BY part "
         "PRIMARY KEY id ORDER BY (id, kind) TTL at + INTERVAL 60 YEAR",
         "CREATE TABLE copies (kind String, id UInt64) ENGINE = MergeTree ORDER BY id",
         "CREATE MATERIALIZED VIEW copies_mv TO copies AS SELECT kind, id FROM t",
         "INSERT INTO t (id, at, part) VALUES (1, '2024-01-01 00:00:00', 1), (2, '2024-01-02 00:00:00', 2)"});
    const std::string definition = answer(*channel, "SELECT name, type, default_kind, default_expression, "
                                                    "compression_codec, comment FROM system.columns WHERE "
                                                    "database = 'my-db' AND table = 't' ORDER BY name");
    const std::string clauses =
        answer(*channel, "SELECT engine_full FROM system.tables WHERE database = 'my-db' AND name = 't'");
    model::Datasource t;
    t.name = "t";
    t.columns = {column("id", "UInt64"), column("kind", "String"), column("twice", "UInt64"),
                 column("at", "DateTime('UTC')"), column("part", "UInt8")};
    for (const model::MoveColumn& step :
         {model::MoveColumn{"t", "kind", {true, ""}}, model::MoveColumn{"t", "id", {false, "part"}},
          model::MoveColumn{"t", "twice", {false, "kind"}}, model::MoveColumn{"t", "at", {false, "id"}}}) {
        run_all(*channel, statements_for(step, &t, "my-db"));
    }
    CHECK(answer(*channel, "SELECT arrayStringConcat(groupArray(name), ',') FROM (SELECT name FROM "
                           "system.columns WHERE database = 'my-db' AND table = 't' ORDER BY position)") ==
          "kind,twice,part,id,at\n");
    CHECK(answer(*channel,
                 "SELECT name, type, default_kind, default_expression, compression_codec, comment "
                 "FROM system.columns WHERE database = 'my-db' AND table = 't' ORDER BY name") == definition);
    CHECK(answer(*channel, "SELECT engine_full FROM system.tables WHERE database = 'my-db' AND name = 't'") ==
          clauses);
    CHECK(answer(*channel, "SELECT create_table_query LIKE '%TTL at + toIntervalYear(50)%' FROM "
                           "system.tables WHERE database = 'my-db' AND name = 't'") == "1\n");
    CHECK(answer(*channel, "SELECT count() FROM system.mutations WHERE database = 'my-db'") == "0\n");
    run_all(*channel, {"INSERT INTO t (id, at, part) VALUES (3, '2024-01-03 00:00:00', 1)"});
    CHECK(answer(*channel, "SELECT *, twice FROM t ORDER BY id") == "k1\t1\t1\t2024-01-01 00:00:00\t2\n"
                                                                    "k2\t2\t2\t2024-01-02 00:00:00\t4\n"
                                                                    "k3\t1\t3\t2024-01-03 00:00:00\t6\n");
    CHECK(answer(*channel, "SELECT kind, id FROM copies ORDER BY id") == "k1\t1\nk2\t2\nk3\t3\n");
}

TEST_CASE("a column that stops being Nullable keeps its rows, zero or the default where NULL was") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch_database(library);
    model::Datasource t;
    t.name = "t";
    t.columns = {column("id", "UInt8"), column("a", "Nullable(UInt8)"), column("b", "Nullable(UInt8)", "7")};
    t.engine.sorting_key = "id";
    run_all(*channel, statements_for(model::CreateDatasource{t}, nullptr, "my-db"));
    run_all(*channel, {"INSERT INTO t VALUES (1, NULL, NULL), (2, 5, 6)"});
    run_all(*channel, statements_for(model::SetNullable{"t", "a", false}, &t, "my-db"));
    run_all(*channel, statements_for(model::SetNullable{"t", "b", false}, &t, "my-db"));
    CHECK(answer(*channel, "SELECT * FROM t ORDER BY id") == "1\t0\t7\n2\t5\t6\n");
    CHECK(answer(*channel, "SELECT name, type, default_expression FROM system.columns WHERE table = 't' AND "
                           "database = 'my-db' "
                           "AND name != 'id' ORDER BY name") == "a\tUInt8\t\nb\tUInt8\t7\n");
}

TEST_CASE("the engine takes a table of every kind") {
    REQUIRE_ENGINE(library);
    const auto channel = scratch_database(library);
    for (const char* kind : {"MergeTree", "ReplacingMergeTree", "SummingMergeTree", "AggregatingMergeTree",
                             "CollapsingMergeTree", "VersionedCollapsingMergeTree", "Join", "Null"}) {
        model::Datasource t = of_engine(kind);
        t.engine.partition_key = "id % 2, id % 3";
        t.engine.sampling_key = "id";
        t.engine.version_column = "version";
        t.engine.is_deleted_column = "deleted";
        t.engine.sign_column = "sign";
        t.engine.collapsing_version = "version";
        t.engine.summing_columns = "a, b";
        t.engine.sorting_key = "id";
        t.engine.join_strictness = "ANY";
        t.engine.join_type = "LEFT";
        t.engine.key_columns = "id";
        run_all(*channel, {create_table(t, "my-db", std::string("of_") + kind)});
    }
}
