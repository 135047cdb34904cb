// Rebuilds of a table with rows and a view on it, over the real engine: what they leave, what they refuse.
#include "base/text.hpp"
#include "support/engine_library.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::apply;
using birdhouse::testing::Outcome;
using birdhouse::testing::query;
using birdhouse::testing::TemporaryFolder;

namespace {

constexpr const char* kFirst = R"yaml(migration: 0001_events
steps:
  - create_datasource:
      datasource: events
      columns:
        - {name: id, type: UInt64, path: $.id}
        - {name: session, type: String, path: $.session, default: "'0'"}
        - {name: kind, type: String, path: $.kind}
        - {name: at, type: DateTime, path: $.at}
      engine: {kind: MergeTree, sorting_key: id, partition_key: toYYYYMM(at)}
  - create_datasource:
      datasource: by_kind
      columns:
        - {name: kind, type: String}
        - {name: rows, type: "SimpleAggregateFunction(sum, UInt64)"}
      engine: {kind: AggregatingMergeTree, sorting_key: kind}
  - create_materialized_view: {view: by_kind_mv, to: by_kind, sql: "SELECT kind, count() AS rows FROM events GROUP BY kind"}
)yaml";

constexpr const char* kRebuild = R"yaml(migration: 0002_key
steps:
  - rebuild_datasource:
      datasource: events
      engine: {kind: MergeTree, sorting_key: [kind, id], partition_key: toYYYYMM(at)}
      types: {session: UInt32}
      convert: {session: "accurateCastOrDefault(session, 'UInt32')"}
allow:
  - {code: D105, column: events.session, rows: 1}
)yaml";

// 300 rows in three months, one of them with a session that is no number.
void prepare(const TemporaryFolder& folder, const char* second) {
    testing::write_project(folder, {kFirst, second});
    REQUIRE(apply(folder.path(), {}, "0001_events").code == 0);
    REQUIRE(query(folder.path(),
                  "INSERT INTO events SELECT number, if(number = 7, 'x', toString(number)), "
                  "if(number % 3 = 0, 'text', 'other'), toDateTime('2026-01-01 00:00:00') + number * 25920 "
                  "FROM numbers(300)")
                .empty());
}

constexpr const char* kRows =
    "SELECT count(), uniqExact(id), sum(id), sum(session), uniqExact(kind) FROM events";
constexpr const char* kAggregates = "SELECT kind, sum(rows) FROM by_kind GROUP BY kind ORDER BY kind";

} // namespace

TEST_CASE("a rebuild changes key and type, keeps every row and the old table, and fires no view") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, kRebuild);
    const Outcome outcome = apply(folder.path());
    INFO(outcome.problems << outcome.message);
    REQUIRE(outcome.code == 0);
    CHECK(outcome.notes ==
          std::vector<std::string>{
              "`events` as it was is kept: `EXCHANGE TABLES `shop`.`events_before_0002_key` AND "
              "`shop`.`events`` swaps it back (rows written since are in the other then), `DROP TABLE "
              "`shop`.`events_before_0002_key`` lets it go"});
    CHECK(query(folder.path(), kRows) == "300\t300\t44850\t44843\t2\n"); // 7 has become 0
    CHECK(query(folder.path(), kAggregates) == "other\t200\ntext\t100\n");
    CHECK(query(folder.path(), "SELECT sorting_key, dependencies_table FROM system.tables WHERE database = "
                               "currentDatabase() AND name = 'events'") == "kind, id\t['by_kind_mv']\n");
    CHECK(query(folder.path(), "SELECT count(), countIf(session = 'x') FROM events_before_0002_key") ==
          "300\t1\n");
    CHECK(query(folder.path(), "SELECT name FROM system.tables WHERE database = currentDatabase() AND name "
                               "LIKE '!_birdhouse!_%' ESCAPE '!'") == "_birdhouse_ledger\n");
    // The view goes on with the new table.
    CHECK(query(folder.path(), "INSERT INTO events VALUES (1000, 1, 'text', now())").empty());
    CHECK(query(folder.path(), kAggregates) == "other\t200\ntext\t101\n");

    SECTION("and the command of the report swaps the old table back") {
        CHECK(query(folder.path(), "EXCHANGE TABLES `shop`.`events_before_0002_key` AND `shop`.`events`")
                  .empty());
        CHECK(query(folder.path(), "SELECT count(), countIf(session = 'x') FROM events") == "300\t1\n");
    }
    SECTION("and its rollback keeps the rows that came since") {
        testing::World world(folder.path());
        const ops::OpenProject project = ops::open_project(folder.path());
        Diagnostics problems;
        const auto back = ops::rollback_migration(project, world.session, "", true, false, {}, problems);
        INFO((back ? "" : back.error().message) << render_text(problems, project.sources));
        REQUIRE(back);
        CHECK((*back)->unrecoverable ==
              std::vector<std::string>{"the values of `events.session` that its conversion does not keep"});
        CHECK(query(folder.path(), "SELECT count(), any(toTypeName(session)) FROM events") ==
              "301\tString\n");
    }
}

TEST_CASE("a rebuild that would lose more rows than its file permits is refused before anything is sent") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, kRebuild);
    CHECK(query(folder.path(), "INSERT INTO events VALUES (1000, 'y', 'text', now())").empty());
    const Outcome outcome = apply(folder.path());
    CHECK(outcome.code == 4);
    CHECK(outcome.message ==
          "`0002_key` would destroy the values of `events.session` that its conversion does "
          "not keep in 2 rows, and permits 1 row");
    CHECK(query(folder.path(),
                "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name "
                "LIKE '%rebuild%'") == "0\n");
}

TEST_CASE("pitfall 20: rows that come in while a rebuild copies stop it before the swap, and the next run "
          "goes on") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, kRebuild);
    bool inserted = false;
    const Outcome stopped = apply(folder.path(), [&](target::SqlChannel& channel, std::string_view sql) {
        // Behind the first partition's copy another process writes into that partition.
        if (!inserted && sql.find("\"event\":\"noted\"") != std::string_view::npos) {
            inserted = true;
            CHECK(
                channel.execute("INSERT INTO shop.events VALUES (1000, '1', 'text', '2026-01-02 00:00:00')"));
        }
    });
    CHECK(stopped.code == 5);
    CHECK(stopped.message ==
          "`events` changed while it was copied: 1 partition took or lost rows (`202601`)");
    CHECK(query(folder.path(), "SELECT count(), any(toTypeName(session)) FROM events") == "301\tString\n");
    REQUIRE(apply(folder.path()).code == 0);
    CHECK(query(folder.path(), kRows) == "301\t301\t45850\t44844\t2\n");
    CHECK(query(folder.path(), kAggregates) == "other\t200\ntext\t101\n");
}

TEST_CASE("pitfall 20: a row that slips in right before the swap is found after it, and the tables are "
          "swapped back") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, kRebuild);
    bool inserted = false;
    const Outcome stopped = apply(folder.path(), [&](target::SqlChannel& channel, std::string_view sql) {
        if (!inserted && sql.starts_with("EXCHANGE")) {
            inserted = true;
            CHECK(
                channel.execute("INSERT INTO shop.events VALUES (1000, '1', 'text', '2026-01-02 00:00:00')"));
        }
    });
    CHECK(stopped.code == 5);
    CHECK(stopped.message ==
          "`events` changed while it was swapped: 1 partition took or lost rows (`202601`)");
    CHECK(query(folder.path(), "SELECT count(), any(toTypeName(session)) FROM events") == "301\tString\n");
    REQUIRE(apply(folder.path()).code == 0);
    CHECK(query(folder.path(), kRows) == "301\t301\t45850\t44844\t2\n");
    CHECK(query(folder.path(), kAggregates) == "other\t200\ntext\t101\n");
}

TEST_CASE("pitfall 20: rows that reach the new table between two swaps are kept, and said to be") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, kRebuild);
    int swaps = 0;
    const Outcome stopped = apply(folder.path(), [&](target::SqlChannel& channel, std::string_view sql) {
        if (sql.starts_with("EXCHANGE")) {
            const std::string id = std::to_string(1000 + swaps++);
            CHECK(channel.execute("INSERT INTO shop.events VALUES (" + id +
                                  ", '1', 'text', '2026-01-02 00:00:00')"));
        }
    });
    CHECK(stopped.code == 5);
    CHECK(
        stopped.message ==
        "`events` changed while it was swapped: 1 partition took or lost rows (`202601`); 1 row that came in "
        "between the swaps is in `events_before_0002_key_strays` alone");
    CHECK(query(folder.path(), "SELECT count() FROM events") == "301\n");
    CHECK(query(folder.path(), "SELECT countIf(id = 1001) FROM events_before_0002_key_strays") == "1\n");
    CHECK(apply(folder.path()).code == 0);
}

TEST_CASE("a conversion that gives another value each time is told, and nothing is swapped") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(migration: 0002_random
steps:
  - rebuild_datasource:
      datasource: events
      convert: {kind: "toString(rand64())"}
allow:
  - {code: D105, column: events.kind}
)yaml");
    const Outcome outcome = apply(folder.path());
    CHECK(outcome.code == 5);
    CHECK(outcome.message.starts_with("the copy of `events` is not equal to it: partition `202601`: "));
    CHECK(query(folder.path(), "SELECT uniqExact(kind) FROM events") == "2\n");
}

TEST_CASE("a change of the engine alone links the parts and copies none") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(migration: 0002_engine
steps:
  - rebuild_datasource:
      datasource: events
      engine: {kind: ReplacingMergeTree, sorting_key: id, partition_key: toYYYYMM(at)}
)yaml");
    std::string sent;
    const Outcome outcome = apply(folder.path(), [&](target::SqlChannel&, std::string_view sql) {
        sent += sql.find("_birdhouse_ledger") == std::string_view::npos ? std::string(sql) + "\n" : "";
    });
    INFO(outcome.problems << outcome.message);
    REQUIRE(outcome.code == 0);
    CHECK(sent.find("INSERT") == std::string::npos);
    CHECK(sent.find("ATTACH PARTITION ID {partition:String} FROM") != std::string::npos);
    CHECK(query(folder.path(), "SELECT count(), sum(id) FROM events") == "300\t44850\n");
    CHECK(query(folder.path(), kAggregates) == "other\t200\ntext\t100\n");
    CHECK(query(folder.path(), "SELECT engine FROM system.tables WHERE name = 'events' AND database = "
                               "currentDatabase()") == "ReplacingMergeTree\n");
}

TEST_CASE("a table that an earlier rebuild kept is not overwritten") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, kRebuild);
    CHECK(query(folder.path(), "CREATE TABLE events_before_0002_key AS events").empty());
    const Outcome outcome = apply(folder.path());
    CHECK(outcome.code == 4);
    CHECK(outcome.message ==
          "`events_before_0002_key` is there from an earlier rebuild, and this one would keep "
          "the old `events` under that name");
    CHECK(outcome.hint == "once you need it no more: `DROP TABLE `shop`.`events_before_0002_key``");
}
