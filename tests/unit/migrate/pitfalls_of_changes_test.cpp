// What goes wrong with a change that every statement takes: shown on the engine where it shows there, and
// then told by the preview of the change, or avoided by how its steps run.
#include "base/codes.hpp"
#include "events/checker.hpp"
#include "events/schema.hpp"
#include "ops/migration_preview.hpp"
#include "support/engine_library.hpp"
#include "target/embedded.hpp"
#include "world.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::apply;
using birdhouse::testing::holds;
using birdhouse::testing::Outcome;
using birdhouse::testing::query;
using birdhouse::testing::TemporaryFolder;

namespace {

constexpr const char* kEvents = R"text(SCHEMA >
    `id` UInt64 `json:$.id`,
    `kind` String `json:$.kind`,
    `at` DateTime `json:$.at`

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(at)"
ENGINE_SORTING_KEY "id"
)text";
constexpr const char* kByKind = R"text(SCHEMA >
    `kind` String,
    `rows` SimpleAggregateFunction(sum, UInt64)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "kind"
)text";

std::string filled_by(const std::string& sql) {
    return "NODE by_kind\nSQL >\n    " + sql + "\n\nTYPE materialized\nDATASOURCE by_kind\n";
}
const std::string kFill = "SELECT kind, count() AS rows FROM events GROUP BY kind";

std::string replaced(std::string text, const std::string& old, const std::string& by) {
    const std::size_t at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), by);
}

// Two states of a workspace: one datasource, what a materialization makes of it, and what changed.
struct States {
    TemporaryFolder folder;
    States(const std::string& events_after, const std::string& fill_after = kFill) {
        write("before", kEvents, kFill);
        write("after", events_after, fill_after);
    }
    ops::MigrationPreview preview() const {
        testing::World world(folder.path());
        const auto preview = ops::preview_migration(
            {"", (folder.path() / "before").string(), (folder.path() / "after").string(), true, {}, {}},
            world.session);
        INFO((preview ? "" : preview.error().message));
        REQUIRE(preview);
        return *preview;
    }

private:
    void write(const std::string& state, const std::string& events, const std::string& fill) const {
        folder.write(state + "/datasources/events.datasource", events);
        folder.write(state + "/datasources/by_kind.datasource", kByKind);
        folder.write(state + "/pipes/by_kind_mv.pipe", filled_by(fill));
    }
};

bool finds(const ops::MigrationPreview& preview, const Code& code) {
    return std::ranges::any_of(preview.findings,
                               [&](const ops::PreviewFinding& one) { return one.code == &code; });
}

const target::ResourcePlan& plan_for(const ops::MigrationPreview& preview, const std::string& target) {
    const auto found = std::ranges::find(preview.plans, target, &target::ResourcePlan::target);
    REQUIRE(found != preview.plans.end());
    return *found;
}

bool refuses(const target::ResourcePlan& plan, const Code& code) {
    return std::ranges::any_of(plan.refused,
                               [&](const target::RefusedChange& one) { return one.code == &code; });
}

const target::PlanVariant& variant_of(const target::ResourcePlan& plan, const std::string& name) {
    const auto found = std::ranges::find(plan.variants, name, &target::PlanVariant::name);
    REQUIRE(found != plan.variants.end());
    return *found;
}

// A target of its own, to show on it what the engine does.
void make_tables(const TemporaryFolder& folder) {
    testing::write_project(folder, {R"yaml(migration: 0001_first
steps:
  - create_datasource:
      datasource: events
      columns:
        - {name: id, type: UInt64, path: $.id}
        - {name: kind, type: String, path: $.kind}
        - {name: at, type: DateTime, path: $.at}
      engine: {kind: MergeTree, sorting_key: id, partition_key: toYYYYMM(at)}
  - create_datasource:
      datasource: by_kind
      columns:
        - {name: kind, type: String}
        - {name: rows, type: "SimpleAggregateFunction(sum, UInt64)"}
      engine: {kind: AggregatingMergeTree, sorting_key: kind}
)yaml"});
    REQUIRE(apply(folder.path()).code == 0);
    REQUIRE(query(folder.path(), "INSERT INTO events SELECT number, 'a', toDateTime('2026-01-01 00:00:00') + "
                                 "number FROM numbers(10)")
                .empty());
}

} // namespace

TEST_CASE("pitfall 7: a volatile default is another value at each read of an old row, and is told as V501") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    make_tables(folder);
    CHECK(query(folder.path(), "ALTER TABLE events ADD COLUMN token UUID DEFAULT generateUUIDv4()").empty());
    CHECK(query(folder.path(), "SELECT min(token) FROM events") !=
          query(folder.path(), "SELECT min(token) FROM events"));

    const States states(replaced(kEvents, "`json:$.at`\n",
                                 "`json:$.at`,\n    `seen` DateTime `json:$.seen` DEFAULT now()\n"));
    CHECK(finds(states.preview(), codes::V501));
}

TEST_CASE("pitfall 7: a changed default changes what old rows read, and is told as V502") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    make_tables(folder);
    CHECK(query(folder.path(), "ALTER TABLE events ADD COLUMN tier String DEFAULT 'free'").empty());
    CHECK(query(folder.path(), "SELECT DISTINCT tier FROM events") == "free\n");
    CHECK(query(folder.path(), "ALTER TABLE events MODIFY COLUMN tier DEFAULT 'paid'").empty());
    CHECK(query(folder.path(), "SELECT DISTINCT tier FROM events") == "paid\n");

    States states(
        replaced(kEvents, "`json:$.at`\n", "`json:$.at`,\n    `tier` String `json:$.tier` DEFAULT 'paid'\n"));
    states.folder.write(
        "before/datasources/events.datasource",
        replaced(kEvents, "`json:$.at`\n", "`json:$.at`,\n    `tier` String `json:$.tier` DEFAULT 'free'\n"));
    CHECK(finds(states.preview(), codes::V502));
}

TEST_CASE("pitfall 8: a table made anew of a source that keeps less loses its history, and is told as D107") {
    REQUIRE_ENGINE(library);
    const States states(std::string(kEvents) + "ENGINE_TTL \"at + INTERVAL 1 DAY\"\n");
    states.folder.write("before/datasources/events.datasource",
                        std::string(kEvents) + "ENGINE_TTL \"at + INTERVAL 1 DAY\"\n");
    states.folder.write("after/datasources/by_kind.datasource",
                        replaced(kByKind, "ENGINE_SORTING_KEY \"kind\"",
                                 "ENGINE_SORTING_KEY \"kind\"\nENGINE_PARTITION_KEY \"kind\""));
    const ops::MigrationPreview preview = states.preview();
    CHECK(finds(preview, codes::D107));
    CHECK(plan_for(preview, "tinybird_forward").allows_destruction);
}

TEST_CASE(
    "pitfall 9: a view that is dropped and made anew misses what came between; its query changes in place") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    make_tables(folder);
    const std::string make = "CREATE MATERIALIZED VIEW by_kind_mv TO by_kind AS " + kFill;
    CHECK(query(folder.path(), make).empty());
    CHECK(query(folder.path(), "DROP VIEW by_kind_mv").empty());
    CHECK(query(folder.path(), "INSERT INTO events VALUES (100, 'b', now())").empty());
    CHECK(query(folder.path(), make).empty());
    CHECK(query(folder.path(), "SELECT count() FROM by_kind WHERE kind = 'b'") == "0\n");

    const States states(kEvents, "SELECT lower(kind) AS kind, count() AS rows FROM events GROUP BY kind");
    const ops::MigrationPreview preview = states.preview();
    REQUIRE(preview.steps.size() == 1);
    CHECK(std::holds_alternative<model::ChangeMaterializedView>(preview.steps[0].action));
}

TEST_CASE("pitfall 9: a moment in events' own time loses the late ones, and is told as R307") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    make_tables(folder);
    // The view takes what is newer than the moment, the copy brought what was there: the late row is on
    // neither side.
    const std::string moment = "'2026-01-01 00:00:10'";
    CHECK(query(folder.path(), "CREATE MATERIALIZED VIEW by_kind_mv TO by_kind AS SELECT kind, count() AS "
                               "rows FROM events WHERE at > " +
                                   moment + " GROUP BY kind")
              .empty());
    CHECK(query(folder.path(), "INSERT INTO by_kind SELECT kind, count() FROM events WHERE at <= " + moment +
                                   " GROUP BY kind")
              .empty());
    CHECK(query(folder.path(), "INSERT INTO events VALUES (100, 'a', '2026-01-01 00:00:05'), (101, 'a', "
                               "'2026-01-01 00:00:20')")
              .empty());
    CHECK(query(folder.path(), "SELECT count() FROM events") == "12\n");
    CHECK(query(folder.path(), "SELECT sum(rows) FROM by_kind") == "11\n");

    const States states(kEvents,
                        "SELECT kind, count() AS rows FROM events WHERE at > " + moment + " GROUP BY kind");
    CHECK(finds(states.preview(), codes::R307));
}

TEST_CASE("pitfall 10: a FORWARD_QUERY that is missing, incomplete, foreign or left behind is told before") {
    REQUIRE_ENGINE(library);
    const std::string changed = replaced(kEvents, "`kind` String", "`kind` LowCardinality(String)");
    const auto with = [&](const std::string& columns) {
        return changed + "\nFORWARD_QUERY >\n    SELECT " + columns + "\n";
    };
    SECTION("missing: the plan has it, with every column once") {
        const ops::MigrationPreview preview = States(changed).preview();
        CHECK(finds(preview, codes::R308));
        const target::ResourcePlan& forward = plan_for(preview, "tinybird_forward");
        CHECK(refuses(forward, codes::R308));
        CHECK(holds(ops::render_text(preview), "CAST(`kind`, 'LowCardinality(String)') AS `kind`,\n"));
    }
    SECTION("incomplete and foreign") {
        const ops::MigrationPreview preview =
            States(with("id, CAST(kind, 'LowCardinality(String)') AS kind, 1 AS more")).preview();
        const std::string text = ops::render_text(preview);
        CHECK(holds(text, "the FORWARD_QUERY of `events` does not fit: it does not name `at` exactly once; "
                          "it names `more`, which the new schema has not"));
    }
    SECTION("left behind by an earlier deployment") {
        States states(with("id, CAST(kind, 'LowCardinality(String)') AS kind, at"));
        states.folder.write("before/datasources/events.datasource",
                            std::string(kEvents) + "\nFORWARD_QUERY >\n    SELECT id, CAST(kind, "
                                                   "'LowCardinality(String)') AS kind, at\n");
        CHECK(holds(ops::render_text(states.preview()),
                    "the FORWARD_QUERY of `events` is that of an earlier deployment"));
    }
}

TEST_CASE("pitfall 11: what Classic ignores in silence is refused for it, never planned as done") {
    REQUIRE_ENGINE(library);
    const std::vector<std::pair<std::string, std::string>> ignored = {
        {"ENGINE_SORTING_KEY \"id\"", "ENGINE_SORTING_KEY \"kind, id\""},
        {"ENGINE_PARTITION_KEY \"toYYYYMM(at)\"", "ENGINE_PARTITION_KEY \"toYYYYMMDD(at)\""},
        {"ENGINE \"MergeTree\"", "ENGINE \"ReplacingMergeTree\""},
        {"ENGINE_SORTING_KEY \"id\"",
         "ENGINE_SORTING_KEY \"id\"\nENGINE_SETTINGS \"index_granularity = 128\""},
    };
    for (const auto& [old, now] : ignored) {
        DYNAMIC_SECTION(now) {
            const ops::MigrationPreview preview = States(replaced(kEvents, old, now)).preview();
            CHECK(refuses(plan_for(preview, "tinybird_classic"), codes::X604));
        }
    }
}

TEST_CASE("pitfall 15: a backfill fills columns by name, as the view does, whatever their order") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    make_tables(folder);
    testing::write_migrations(folder, {R"yaml(migration: 0002_history
steps:
  - create_datasource:
      datasource: ids
      columns: [{name: least, type: UInt64}, {name: most, type: UInt64}, {name: kind, type: String}, {name: at, type: DateTime, default: "'2026-01-01 00:00:00'"}]
      engine: {kind: MergeTree, sorting_key: kind}
  - create_materialized_view: {view: ids_mv, to: ids, sql: "SELECT kind, max(id) AS most, min(id) AS least FROM events GROUP BY kind", backfill: true}
)yaml"});
    const Outcome outcome = apply(folder.path());
    INFO(outcome.message << outcome.problems);
    REQUIRE(outcome.code == 0);
    CHECK(query(folder.path(), "INSERT INTO events VALUES (100, 'b', now()), (101, 'b', now())").empty());
    CHECK(query(folder.path(), "SELECT * FROM ids ORDER BY kind") ==
          "0\t9\ta\t2026-01-01 00:00:00\n100\t101\tb\t2026-01-01 00:00:00\n");
}

TEST_CASE("a state that no state can be made of is made of the rows, by the statements that the plan gives") {
    REQUIRE_ENGINE(library);
    const std::string before = "SELECT kind, sumState(id) AS rows FROM events GROUP BY kind";
    const std::string after = "SELECT kind, avgState(id) AS rows FROM events GROUP BY kind";
    const States states(kEvents, after);
    const std::string type = "SimpleAggregateFunction(sum, UInt64)";
    const std::string old_table = replaced(kByKind, type, "AggregateFunction(sum, UInt64)");
    states.folder.write("before/datasources/by_kind.datasource", old_table);
    states.folder.write("before/pipes/by_kind_mv.pipe", filled_by(before));
    states.folder.write("after/datasources/by_kind.datasource",
                        replaced(kByKind, type, "AggregateFunction(avg, UInt64)"));
    const ops::MigrationPreview preview = states.preview();
    CHECK(preview.steps.empty()); // the new query alone would fail every insert
    const target::ResourcePlan& plan = plan_for(preview, "embedded");
    CHECK(refuses(plan, codes::R310));

    const auto engine = target::open_scratch(library);
    REQUIRE(engine);
    const auto run = [&](const std::string& sql) {
        INFO(sql);
        CHECK((*engine)->execute(sql));
    };
    run("CREATE TABLE events (id UInt64, kind String, at DateTime) ENGINE = MergeTree ORDER BY id");
    run("CREATE TABLE by_kind (kind String, rows AggregateFunction(sum, UInt64)) ENGINE = "
        "AggregatingMergeTree "
        "ORDER BY kind");
    run("CREATE MATERIALIZED VIEW by_kind_mv TO by_kind AS " + before);
    run("INSERT INTO events SELECT number, 'a', now() FROM numbers(10)");
    for (const target::PlannedAction& action : variant_of(plan, "recalculation of `by_kind`").actions) {
        if (action.kind == target::ActionKind::Statement) {
            run(action.text);
        }
    }
    run("INSERT INTO events VALUES (100, 'b', now()), (102, 'b', now())");
    CHECK((*engine)
              ->query("SELECT kind, avgMerge(rows) FROM by_kind GROUP BY kind ORDER BY kind", "TSV", {})
              ->bytes == "a\t4.5\nb\t101\n");
}

TEST_CASE("pitfall 18: JSONEachRow stores what is wrong; a verdict says so before") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    make_tables(folder);
    CHECK(query(folder.path(),
                "CREATE TABLE lax (small UInt8, note String) ENGINE = MergeTree ORDER BY tuple()")
              .empty());
    const std::vector<std::string> wrong = {R"({"small": null, "note": "a"})",
                                            R"({"small": 300, "note": "a"})"};
    for (const std::string& row : wrong) {
        CHECK(query(folder.path(), "INSERT INTO lax FORMAT JSONEachRow " + row).empty());
    }
    CHECK(query(folder.path(), "SELECT small, note FROM lax ORDER BY small, note") == "0\ta\n44\ta\n");

    model::Datasource datasource;
    datasource.name = "lax";
    datasource.columns.resize(2);
    datasource.columns[0].name = "small";
    datasource.columns[0].type = "UInt8";
    datasource.columns[0].json_path = "$.small";
    datasource.columns[1].name = "note";
    datasource.columns[1].type = "String";
    datasource.columns[1].json_path = "$.note";
    Diagnostics problems;
    const auto schema = events::EventSchema::compile(datasource, {}, {}, problems);
    REQUIRE(schema);
    events::EventChecker checker(*schema);
    CHECK(checker.check(R"({"small": 1, "note": "a"})").status == events::RowStatus::Accepted);
    for (const std::string& row : wrong) {
        INFO(row);
        CHECK(checker.check(row).status != events::RowStatus::Accepted);
    }
}

TEST_CASE(
    "pitfall 19: a backfill that fails takes nothing back and holds nothing up; the next run does it alone") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    make_tables(folder);
    testing::write_migrations(folder, {R"yaml(migration: 0002_history
steps:
  - add_column: {datasource: events, name: note, type: String}
  - create_materialized_view: {view: by_kind_mv, to: by_kind, sql: "SELECT kind, count() AS rows FROM events GROUP BY kind", backfill: true}
)yaml"});
    bool struck = false;
    const Outcome stopped = apply(folder.path(), [&](target::SqlChannel& channel, std::string_view sql) {
        if (!struck && sql.starts_with("INSERT INTO `shop`.`_birdhouse_backfill_by_kind`")) {
            struck = true;
            CHECK(channel.execute("DROP TABLE `shop`.`_birdhouse_backfill_by_kind`").ok());
        }
    });
    INFO(stopped.message << stopped.problems);
    CHECK(struck);
    CHECK(stopped.code == 5);
    // What came before it is there, and rows keep coming.
    CHECK(query(folder.path(), "INSERT INTO events (id, kind, note) VALUES (100, 'b', 'new')").empty());
    std::vector<std::string> sent;
    const Outcome done =
        apply(folder.path(), [&](target::SqlChannel&, std::string_view sql) { sent.emplace_back(sql); });
    INFO(done.message << done.problems);
    CHECK(done.code == 0);
    CHECK(std::ranges::none_of(sent, [](const std::string& sql) { return holds(sql, "ADD COLUMN `note`"); }));
    CHECK(query(folder.path(), "SELECT kind, sum(rows) FROM by_kind GROUP BY kind ORDER BY kind") ==
          "a\t10\nb\t1\n");
}
