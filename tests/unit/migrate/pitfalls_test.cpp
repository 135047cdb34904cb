// What goes wrong on a ClickHouse, each seen on the engine itself and then caught, or survived, by `migrate`.
#include "base/text.hpp"
#include "ops/migration_drift.hpp"
#include "support/engine_library.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::apply;
using birdhouse::testing::holds;
using birdhouse::testing::Outcome;
using birdhouse::testing::query;
using birdhouse::testing::TemporaryFolder;

namespace {

constexpr const char* kFirst = R"yaml(migration: 0001_first
steps:
  - create_datasource:
      datasource: events
      columns:
        - {name: id, type: UInt64, path: $.id}
        - {name: kind, type: String, path: $.kind}
        - {name: amount, type: Int32, path: $.amount}
        - {name: status, type: "Enum8('new' = 1, 'old' = 2)", path: $.status}
        - {name: at, type: "DateTime64(3)", path: $.at}
      engine: {kind: MergeTree, sorting_key: id}
  - create_datasource:
      datasource: by_kind
      columns:
        - {name: kind, type: String}
        - {name: rows, type: "SimpleAggregateFunction(sum, UInt64)"}
      engine: {kind: AggregatingMergeTree, sorting_key: kind}
  - create_materialized_view: {view: by_kind_mv, to: by_kind, sql: "SELECT kind, count() AS rows FROM events WHERE amount > 0 GROUP BY kind"}
)yaml";

void prepare(const TemporaryFolder& folder, const std::string& second) {
    testing::write_project(folder, {kFirst, "migration: 0002_second\n" + second});
    REQUIRE(apply(folder.path(), {}, "0001_first").code == 0);
    REQUIRE(query(folder.path(), "INSERT INTO events SELECT number, 'a', 100 + number, if(number = 3, 'old', "
                                 "'new'), toDateTime64('2026-01-01 00:00:00.500', 3) FROM numbers(300)")
                .empty());
}

} // namespace

TEST_CASE("pitfalls 1 and 3: a dropped column that a view reads in a CTE is caught before any insert fails") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - create_datasource:
      datasource: limits
      columns: [{name: id, type: UInt64}, {name: least, type: Int32}]
      engine: {kind: MergeTree, sorting_key: id}
  - change_materialized_view: {view: by_kind_mv, sql: "WITH big AS (SELECT id FROM limits WHERE least > 0) SELECT kind, count() AS rows FROM events WHERE id IN big GROUP BY kind"}
  - drop_column: {datasource: limits, name: least}
allow:
  - {code: D101, column: limits.least}
)yaml");
    const Outcome refused = apply(folder.path());
    INFO(refused.problems);
    CHECK(refused.code == 1);
    CHECK(holds(refused.problems, "migrations/0002_second.yaml:8:5: error[B202]: "));
    CHECK(query(folder.path(), "SELECT count() FROM system.tables WHERE name = 'limits'") == "0\n");
    // The engine itself lets it pass, and then fails at the insert with the row stored: sent again, it is
    // there twice.
    CHECK(apply(folder.path(), {}, "", {std::chrono::seconds(0), false}).code == 0);
    const char* kInsert = "INSERT INTO events (id, kind) VALUES (1000, 'b')";
    CHECK(holds(query(folder.path(), kInsert), "UNKNOWN_IDENTIFIER"));
    CHECK(holds(query(folder.path(), kInsert), "UNKNOWN_IDENTIFIER"));
    CHECK(query(folder.path(), "SELECT count() FROM events WHERE id = 1000") == "2\n");
}

TEST_CASE("pitfall 2: a renamed column that a view reads fails the next insert, and is caught before") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - rename_column: {datasource: events, from: kind, to: type}
)yaml");
    const Outcome refused = apply(folder.path());
    CHECK(refused.code == 1);
    CHECK(holds(refused.problems, "error[B202]"));
    CHECK(query(folder.path(),
                "SELECT count() FROM system.columns WHERE table = 'events' AND name = 'kind'") == "1\n");
}

TEST_CASE("pitfall 2: the same rename with the view changed behind it passes with a word about the gap") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - rename_column: {datasource: events, from: kind, to: type}
  - change_materialized_view: {view: by_kind_mv, sql: "SELECT type AS kind, count() AS rows FROM events WHERE amount > 0 GROUP BY kind"}
)yaml");
    const Outcome outcome = apply(folder.path());
    INFO(outcome.problems << outcome.message);
    CHECK(outcome.code == 0);
    CHECK(holds(outcome.problems,
                "migrations/0002_second.yaml:3:5: warning[B222]: until change the query of "));
    CHECK(query(folder.path(), "INSERT INTO events VALUES (1000, 'b', 1, 'new', now64(3))").empty());
    CHECK(query(folder.path(), "SELECT sum(rows) FROM by_kind WHERE kind = 'b'") == "1\n");
}

TEST_CASE("pitfall 4: MODIFY QUERY takes a misnamed column that its target lacks; the canary does not") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - change_materialized_view: {view: by_kind_mv, sql: "SELECT kind, count() AS row_count FROM events GROUP BY kind"}
)yaml");
    const Outcome refused = apply(folder.path());
    CHECK(refused.code == 1);
    CHECK(holds(refused.problems,
                "error[B203]: materialized view `by_kind_mv` gives a column `row_count`, which "
                "`by_kind` does not have: its values are lost without a word"));
    CHECK(apply(folder.path(), {}, "", {std::chrono::seconds(0), false}).code ==
          0); // the engine says nothing
}

TEST_CASE("NULL into a column that takes none is caught where the source becomes Nullable") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - set_nullable: {datasource: events, name: kind, nullable: true}
)yaml");
    const Outcome refused = apply(folder.path());
    INFO(refused.problems);
    CHECK(refused.code == 1);
    CHECK(holds(refused.problems, "migrations/0002_second.yaml:3:5: error[B204]: a NULL in `events` fails"));
}

TEST_CASE("pitfall 5: the engine wraps numbers in silence; the rows are counted and the limit holds") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - change_type: {datasource: events, name: amount, type: UInt8}
allow:
  - {code: D105, column: events.amount, rows: 100}
)yaml");
    const Outcome refused = apply(folder.path());
    CHECK(refused.code == 4);
    CHECK(refused.message ==
          "`0002_second` would destroy the values of `events.amount` that do not fit UInt8 in "
          "144 rows, and permits 100 rows"); // 256 to 399
    CHECK(query(folder.path(), "SELECT CAST(300 AS UInt8)") == "44\n");
}

TEST_CASE("pitfall 5: an Enum value in use that goes is counted, not found by the first who reads it") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - change_type: {datasource: events, name: status, type: "Enum8('new' = 1)"}
allow:
  - {code: D104, column: events.status, rows: 0}
)yaml");
    const Outcome refused = apply(folder.path());
    CHECK(refused.code == 4);
    CHECK(refused.message ==
          "`0002_second` would destroy the values of `events.status` that Enum8('new' = 1) "
          "does not have in 1 row, and permits 0 rows");
    testing::World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    Diagnostics problems;
    const auto plan = ops::plan_migrations(project, world.session, "", "", problems);
    REQUIRE(plan);
    REQUIRE((*plan)->losses.size() == 1);
    CHECK((*plan)->losses[0].rows == 1);
    CHECK((*plan)->losses[0].examples == "`old` in 1");
}

TEST_CASE("pitfall 6: a failed type mutation is told with its reason, and the way back that is given works") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - change_type: {datasource: events, name: kind, type: UInt32}
allow:
  - {code: D105, column: events.kind}
)yaml");
    const Outcome failed = apply(folder.path(), {}, "", {std::chrono::seconds(0), false});
    CHECK(failed.code == 5);
    INFO(failed.message << "\n" << failed.hint);
    CHECK(holds(failed.message, "rewriting the rows of `events` failed (mutation `mutation_"));
    CHECK(holds(failed.message, "Cannot parse string 'a' as UInt32"));
    CHECK(holds(query(folder.path(), "SELECT kind FROM events"), "CANNOT_PARSE_TEXT"));
    // Run again, it says the same and does nothing.
    CHECK(apply(folder.path(), {}, "", {std::chrono::seconds(0), false}).message == failed.message);

    const std::size_t begin = failed.hint.find("ALTER TABLE");
    const std::size_t end = failed.hint.find("; then mend");
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const std::string statements = failed.hint.substr(begin, end - begin);
    for (const std::string_view statement : split(statements, ';')) {
        const std::string answer = query(folder.path(), std::string(trim(statement)));
        INFO(statement << ": " << answer);
        CHECK(answer.find("refused") == std::string::npos);
    }
    CHECK(query(folder.path(), "SELECT count(), any(kind), any(toTypeName(kind)) FROM events") ==
          "300\ta\tString\n");
    CHECK(query(folder.path(),
                "SELECT count() FROM system.mutations WHERE table = 'events' AND NOT is_done") == "0\n");
    // The rows mended, the same command goes on.
    CHECK(query(folder.path(), "ALTER TABLE events UPDATE kind = '1' WHERE 1 SETTINGS mutations_sync = 1")
              .empty());
    CHECK(apply(folder.path(), {}, "", {std::chrono::seconds(0), false}).code == 0);
    CHECK(query(folder.path(), "SELECT count(), sum(kind) FROM events") == "300\t300\n");
}

TEST_CASE("pitfall 8: a shorter TTL deletes at once, so its rows are counted first") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - set_ttl: {datasource: events, ttl: "toDateTime(at) + INTERVAL 1 DAY"}
allow:
  - {code: D103, datasource: events, rows: 299}
  - {code: D107, datasource: events}
)yaml");
    const Outcome refused = apply(folder.path());
    CHECK(refused.code == 4);
    CHECK(holds(refused.message, "in 300 rows, and permits 299 rows"));
    CHECK(query(folder.path(), "SELECT count() FROM events") == "300\n");
}

TEST_CASE(
    "pitfall 12: a table of that name and another shape stops the run as drift; IF NOT EXISTS would not") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - create_datasource:
      datasource: orders
      columns: [{name: id, type: UInt64}]
      engine: {kind: MergeTree, sorting_key: id}
)yaml");
    CHECK(query(folder.path(), "CREATE TABLE orders (id String) ENGINE = MergeTree ORDER BY id").empty());
    CHECK(query(folder.path(), "CREATE TABLE IF NOT EXISTS orders (id UInt64) ENGINE = MergeTree ORDER BY id")
              .empty());
    const Outcome stopped = apply(folder.path());
    CHECK(stopped.code == 1);
    CHECK(holds(stopped.message, "`orders` on target `local` is neither as it should be before nor after"));
}

TEST_CASE("pitfall 13: only one can have the lock, and a run that finds another's leaves") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, "steps:\n  - set_json_path: {datasource: events, name: kind, path: null}\n");
    const std::string make =
        "CREATE TABLE _birdhouse_lock (owner String) ENGINE = MergeTree ORDER BY tuple()";
    CHECK(query(folder.path(), make).empty());
    CHECK(holds(query(folder.path(), make), "TABLE_ALREADY_EXISTS"));
    // The storage is this process's alone, so who left the lock is dead.
    CHECK(apply(folder.path()).code == 0);
}

TEST_CASE("pitfalls 15 and 16: a rebuild names its columns, and no statement changes one column twice") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - add_column: {datasource: events, name: first_column, type: UInt8, first: true}
  - rebuild_datasource: {datasource: events, types: {id: UInt32}}
  - change_type: {datasource: events, name: kind, type: LowCardinality(String)}
  - set_default: {datasource: events, name: kind, default: "'a'"}
allow:
  - {code: D105, column: events.id, rows: 0}
)yaml");
    std::vector<std::string> alters;
    std::string copy;
    const Outcome outcome = apply(folder.path(), [&](target::SqlChannel&, std::string_view sql) {
        if (sql.starts_with("ALTER")) {
            alters.emplace_back(sql);
        }
        copy += sql.starts_with("INSERT INTO `shop`.`_birdhouse_rebuild") ? sql : "";
    });
    INFO(outcome.problems << outcome.message);
    REQUIRE(outcome.code == 0);
    CHECK(copy.starts_with("INSERT INTO `shop`.`_birdhouse_rebuild_events` (`first_column`, `id`, `kind`, "
                           "`amount`, `status`, `at`)\nSELECT `first_column`, accurateCastOrDefault(`id`, "
                           "'UInt32'), `kind`, `amount`, `status`, `at`\n"));
    REQUIRE(alters.size() == 3);
    for (const std::string& sql : alters) {
        CHECK((sql.find("MODIFY COLUMN") == sql.rfind("MODIFY COLUMN")));
    }
}

TEST_CASE("pitfall 17: a fraction that a cast cuts is counted, which accurateCastOrNull alone does not see") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, R"yaml(steps:
  - change_type: {datasource: events, name: at, type: DateTime}
allow:
  - {code: D105, column: events.at, rows: 0}
)yaml");
    CHECK(query(folder.path(), "SELECT countIf(accurateCastOrNull(at, 'DateTime') IS NULL) FROM events") ==
          "0\n");
    const Outcome refused = apply(folder.path());
    CHECK(refused.code == 4);
    CHECK(holds(refused.message, "in 300 rows, and permits 0 rows"));
}

TEST_CASE("pitfall 21: a PRIMARY KEY written out that equals the sorting key is no drift") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, "steps:\n  - set_json_path: {datasource: events, name: kind, path: null}\n");
    CHECK(query(folder.path(), "CREATE TABLE left (id UInt64) ENGINE = MergeTree ORDER BY id").empty());
    CHECK(query(folder.path(), "CREATE TABLE right (id UInt64) ENGINE = MergeTree PRIMARY KEY id ORDER BY id")
              .empty());
    testing::World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    const auto settings = ops::choose_target(project.project.config, "");
    const auto target = world.opener.open(*settings, folder.path());
    REQUIRE(target);
    const auto catalog = target::read_catalog((*target)->channel(), "shop");
    REQUIRE(catalog);
    CHECK(target::compare(*target::find_table(*catalog, "left"), *target::find_table(*catalog, "right"))
              .empty());
}

TEST_CASE("pitfall 22: no two rows of the ledger are equal, so none is taken for another's repetition") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    prepare(folder, "steps:\n  - set_json_path: {datasource: events, name: kind, path: null}\n");
    REQUIRE(apply(folder.path()).code == 0);
    CHECK(query(folder.path(), "SELECT count() = uniqExact(sequence), count() > 6 FROM _birdhouse_ledger") ==
          "1\t1\n");
}
