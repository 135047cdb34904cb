// The rest of a target's life: a baseline, drift, a checkpoint, a lock that stays, over the real engine.
#include "ops/canary_rows.hpp"
#include "ops/migration_drift.hpp"
#include "ops/migration_report.hpp"
#include "support/engine_library.hpp"
#include "target/lock.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::apply;
using birdhouse::testing::query;
using birdhouse::testing::TemporaryFolder;
using birdhouse::testing::World;

namespace {

constexpr const char* kFirst = R"yaml(migration: 0001_orders
steps:
  - create_datasource:
      datasource: orders
      columns:
        - {name: id, type: UInt64}
        - {name: note, type: String}
      engine: {kind: MergeTree, sorting_key: id}
)yaml";
constexpr const char* kSecond = R"yaml(migration: 0002_country
steps:
  - add_column: {datasource: orders, name: country, type: LowCardinality(String), after: id}
)yaml";

void write_project(const TemporaryFolder& folder) { testing::write_project(folder, {kFirst, kSecond}); }

ops::BaselineReport baseline(const TemporaryFolder& folder, const std::string& up_to = "") {
    World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    Diagnostics problems;
    const auto report = ops::baseline_target(project, world.session, "", up_to, false, problems);
    INFO((report ? "" : report.error().message) << render_text(problems, project.sources));
    REQUIRE(report);
    REQUIRE(*report);
    return **report;
}

ops::StatusReport status(const TemporaryFolder& folder) {
    World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    const auto report = ops::migration_status(project, world.session, "", true);
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return *report;
}

std::vector<std::string> said(const std::vector<ops::DriftLine>& drift) {
    std::vector<std::string> lines;
    for (const ops::DriftLine& one : drift) {
        lines.push_back(one.reason + " " + one.object + ": " + one.message);
    }
    return lines;
}

constexpr const char* kSameTable = "CREATE TABLE orders (id UInt64, country LowCardinality(String), note "
                                   "String) ENGINE = MergeTree ORDER BY id";

} // namespace

TEST_CASE("a target that was made by hand gets its ledger when it holds what the migrations build") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    write_project(folder);
    CHECK(query(folder.path(), kSameTable).empty());
    CHECK(query(folder.path(), "CREATE TABLE of_somebody_else (a UInt8) ENGINE = Memory").empty());
    CHECK(baseline(folder).recorded == std::vector<std::string>{"0001_orders", "0002_country"});
    CHECK(baseline(folder).recorded.empty());
    CHECK(apply(folder.path()).code == 0);
    CHECK(query(folder.path(), "SELECT migration, event, detail FROM _birdhouse_ledger ORDER BY sequence") ==
          "0001_orders\tbaselined\tbaseline\n0002_country\tbaselined\tbaseline\n");
}

TEST_CASE("a baseline records nothing where the target differs, and says where") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    write_project(folder);
    CHECK(query(folder.path(), "CREATE TABLE orders (id UInt32, note String, extra UInt8) ENGINE = "
                               "ReplacingMergeTree ORDER BY (id, note)")
              .empty());
    const ops::BaselineReport report = baseline(folder);
    CHECK(report.recorded.empty());
    CHECK(said(report.drift) ==
          std::vector<std::string>{
              "engine orders: engine is `ReplacingMergeTree`, expected `MergeTree`",
              "sorting_key orders: sorting key is `id, note`, expected `id`",
              "primary_key orders: primary key is `id, note`, expected `id`",
              "type orders: type of column `id` is `UInt32`, expected `UInt64`",
              "missing_column orders: column `country` is absent, expected `LowCardinality(String)`",
              "extra_column orders: column `extra` is `UInt8`, expected absent"});
    CHECK(query(folder.path(), "SELECT count() FROM system.tables WHERE name = '_birdhouse_ledger'") ==
          "0\n");
}

TEST_CASE("drift is what somebody did to the target since") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    write_project(folder);
    REQUIRE(apply(folder.path()).code == 0);
    CHECK(status(folder).drift->empty());
    CHECK(query(folder.path(), "ALTER TABLE orders ADD COLUMN extra UInt8 DEFAULT 1, MODIFY TTL toDate(id) + "
                               "INTERVAL 1 DAY")
              .empty());
    CHECK(query(folder.path(), "CREATE TABLE other (a UInt8) ENGINE = Memory").empty());
    CHECK(
        said(*status(folder).drift) ==
        std::vector<std::string>{"ttl orders: TTL is `toDate(id) + toIntervalDay(1)`, expected absent",
                                 "extra_column orders: column `extra` is `UInt8 DEFAULT 1`, expected absent",
                                 "extra_object other: no migration makes it"});
    CHECK(query(folder.path(), "DROP TABLE orders").empty());
    CHECK(said(*status(folder).drift).front() == "missing_object orders: it is not there");
}

TEST_CASE("a new target begins at the checkpoint, an old one has nothing to do there, and both are equal") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder old;
    write_project(old);
    REQUIRE(apply(old.path()).code == 0);
    {
        World world(old.path());
        const ops::OpenProject project = ops::open_project(old.path());
        Diagnostics problems;
        const auto made = ops::new_checkpoint(project, world.session, "all", problems);
        REQUIRE(made);
        CHECK(made->steps == std::vector<std::string>{"create datasource `orders` with 3 columns"});
    }
    const TemporaryFolder fresh;
    std::filesystem::copy(old.path() / "migrations", fresh.path() / "migrations");
    std::filesystem::copy(old.path() / "birdhouse.yaml", fresh.path() / "birdhouse.yaml");
    std::string sent;
    REQUIRE(apply(old.path(), [&](target::SqlChannel&, std::string_view sql) { sent += sql; }).code == 0);
    CHECK(sent.find("`orders`") == std::string::npos);
    const auto outcome = apply(fresh.path());
    INFO(outcome.message << outcome.problems);
    REQUIRE(outcome.code == 0);
    CHECK(query(fresh.path(),
                "SELECT migration, argMax(event, sequence) FROM _birdhouse_ledger GROUP BY migration "
                "ORDER BY migration") ==
          "0001_orders\tbaselined\n0002_country\tbaselined\n0003_all\tapplied\n");
    const char* kShape = "SELECT name, type FROM system.columns WHERE table = 'orders' ORDER BY position";
    CHECK(query(fresh.path(), kShape) == query(old.path(), kShape));
    CHECK(status(fresh).pending() == 0);
    CHECK(status(old).drift->empty());
    // Then the files before it may go.
    std::filesystem::remove(old.path() / "migrations/0001_orders.yaml");
    std::filesystem::remove(old.path() / "migrations/0002_country.yaml");
    testing::record_migrations(old);
    CHECK(apply(old.path()).code == 0);
    CHECK(status(old).integrity.empty());
    CHECK(status(old).drift->empty());
}

TEST_CASE("a checkpoint that builds something else is refused by verify") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    write_project(folder);
    folder.write("migrations/0003_all.yaml", R"yaml(migration: 0003_all
checkpoint: true
steps:
  - create_datasource:
      datasource: orders
      columns: [{name: id, type: UInt64}, {name: country, type: String}, {name: note, type: String}]
      engine: {kind: MergeTree, sorting_key: id}
)yaml");
    folder.write("datasources/orders.yaml", R"yaml(datasource: orders
columns: [{name: id, type: UInt64}, {name: country, type: LowCardinality(String)}, {name: note, type: String}]
engine: {kind: MergeTree, sorting_key: id}
)yaml");
    testing::record_migrations(folder);
    World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    Diagnostics problems;
    REQUIRE(ops::verify_migrations(project, world.session, false, problems));
    REQUIRE(problems.errors() == 1);
    CHECK(problems.all()[0].code->id == "F225");
    CHECK(problems.all()[0].message ==
          "`0003_all` builds `orders` otherwise than the migrations before it: type of column `country` is "
          "`String`, expected `LowCardinality(String)`");
}

TEST_CASE("a lock says who has it, and goes by force or once its time is over") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    write_project(folder);
    REQUIRE(apply(folder.path()).code == 0);
    CHECK(query(folder.path(),
                R"(CREATE TABLE _birdhouse_lock (owner String) ENGINE = MergeTree ORDER BY tuple()
        COMMENT '{"pid":1,"since":"2026-11-20 10:00:00","until":"2999-01-01 00:00:00","who":"ana@ci-7"}')")
              .empty());
    const std::string holder =
        "ana@ci-7 (process 1) since 2026-11-20 10:00:00 UTC, until 2999-01-01 00:00:00 UTC";
    CHECK(status(folder).lock == holder);
    World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    const auto refused = ops::unlock_target(project, world.session, "", false);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ExitCode::Refused);
    CHECK(refused.error().message == "target `local` is locked by " + holder);
    const auto forced = ops::unlock_target(project, world.session, "", true);
    REQUIRE(forced);
    CHECK(forced->holder == holder);
    CHECK(status(folder).lock.empty());
    CHECK(query(folder.path(),
                R"(CREATE TABLE _birdhouse_lock (owner String) ENGINE = MergeTree ORDER BY tuple()
        COMMENT '{"pid":1,"since":"2025-11-20 10:00:00","until":"2025-11-20 11:00:00","who":"ana@ci-7"}')")
              .empty());
    CHECK(ops::unlock_target(project, world.session, "", false));
}

TEST_CASE("a held lock keeps another out until it is released, and is renewed only when half over") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    write_project(folder);
    World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    const auto settings = ops::choose_target(project.project.config, "");
    const auto target = world.opener.open(*settings, folder.path());
    REQUIRE(target);
    target::TargetLock mine((*target)->channel(), "shop");
    target::TargetLock other((*target)->channel(), "shop");
    CHECK(*mine.take("ana@here", 7, std::chrono::seconds(3600)));
    CHECK_FALSE(*other.take("bo@there", 8, std::chrono::seconds(3600)));
    CHECK((*other.holder())->who == "ana@here");
    CHECK_FALSE((*other.holder())->expired);
    CHECK(mine.renew());
    CHECK(other.release()); // it holds nothing, and takes nothing away
    CHECK((*mine.holder())->pid == 7);
    CHECK(mine.release());
    CHECK(*other.take("bo@there", 8, std::chrono::seconds(0)));
    CHECK(other.renew()); // the time is over at once, so it is put off
    CHECK(other.remove());
    CHECK(other.renew().error().code == ExitCode::Refused);
}

TEST_CASE("edge rows hold every edge of every column") {
    CHECK(ops::edge_values("Nullable(UInt8)") ==
          std::vector<std::string>{"CAST(NULL, 'Nullable(UInt8)')", "CAST('0', 'Nullable(UInt8)')",
                                   "CAST('255', 'Nullable(UInt8)')", "CAST('1', 'Nullable(UInt8)')"});
    CHECK(ops::edge_values("Enum8('a' = 1, 'b' = 2)").size() == 2);
    CHECK(ops::edge_values("AggregateFunction(sum, UInt8)") ==
          std::vector<std::string>{"defaultValueOfTypeName('AggregateFunction(sum, UInt8)')"});
    target::TableState table;
    table.name = "t";
    table.engine = "CollapsingMergeTree(sign)";
    table.columns = {{"id", "UInt8", "", "", "", ""},
                     {"sign", "Int8", "", "", "", ""},
                     {"made", "UInt8", "MATERIALIZED", "1", "", ""}};
    const ops::EdgeRows rows = ops::edge_rows(table, "d");
    CHECK(rows.insert == "INSERT INTO `d`.`t` (`id`, `sign`)");
    CHECK(rows.selects == std::vector<std::string>{"SELECT CAST('0', 'UInt8'), CAST(1, 'Int8')",
                                                   "SELECT CAST('255', 'UInt8'), CAST(-1, 'Int8')",
                                                   "SELECT CAST('1', 'UInt8'), CAST(1, 'Int8')"});
}

TEST_CASE("every edge is a value that the engine takes for its type") {
    REQUIRE_ENGINE(library);
    World world(".");
    const auto scratch = world.opener.open_scratch();
    REQUIRE(scratch);
    for (const char* type : {"UInt8",
                             "Int64",
                             "Float32",
                             "Bool",
                             "Date",
                             "Date32",
                             "DateTime",
                             "DateTime('UTC')",
                             "DateTime64(3)",
                             "UUID",
                             "IPv4",
                             "IPv6",
                             "Enum8('a' = 1, 'b c' = -2)",
                             "String",
                             "FixedString(3)",
                             "Decimal(18, 4)",
                             "LowCardinality(Nullable(String))",
                             "Array(Nullable(Int8))",
                             "Map(String, UInt8)",
                             "Tuple(UInt8, String)",
                             "SimpleAggregateFunction(max, DateTime)",
                             "AggregateFunction(uniq, String)",
                             "Nullable(Float64)"}) {
        for (const std::string& edge : ops::edge_values(type)) {
            INFO(type << ": " << edge);
            const auto result = (*scratch)->query("SELECT toTypeName(" + edge + ")", "TSV", {});
            REQUIRE(result);
        }
    }
}

namespace {

constexpr const char* kGuarded =
    "name: shop\ntargets:\n  production: {kind: embedded, path: store, protected: "
    "true}\n";
constexpr const char* kProtected = "target `production` is protected";

} // namespace

TEST_CASE("a protected target is changed by no verb until its name is given") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    write_project(folder);
    folder.write("birdhouse.yaml", kGuarded);
    CHECK(apply(folder.path()).message == kProtected);
    CHECK(apply(folder.path(), {}, "", {std::chrono::seconds(0), true, "staging"}).message ==
          "`staging` confirms another target than `production`, which is protected");
    CHECK(query(folder.path(), "SELECT count() FROM system.tables WHERE database = 'shop'") == "0\n");
    const ops::RunOptions confirmed{std::chrono::seconds(0), true, "production"};
    CHECK(apply(folder.path(), {}, "", confirmed).code == 0);

    World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    Diagnostics problems;
    const auto rollback = [&](bool dry_run, const ops::RunOptions& options) {
        return ops::rollback_migration(project, world.session, "", false, dry_run, {}, problems, options);
    };
    CHECK(rollback(true, {}).ok());
    const auto refused = rollback(false, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == kProtected);
    CHECK(refused.error().code == ExitCode::Refused);
    const auto baselined = ops::baseline_target(project, world.session, "", "", false, problems);
    REQUIRE_FALSE(baselined);
    CHECK(baselined.error().message == kProtected);
    const auto unlocked = ops::unlock_target(project, world.session, "", true);
    REQUIRE_FALSE(unlocked);
    CHECK(unlocked.error().message == kProtected);
    CHECK(ops::unlock_target(project, world.session, "", true, "production").ok());
    CHECK(rollback(false, confirmed).ok());
}

TEST_CASE("what is planned for a cluster is what would be sent there, in every format") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    write_project(folder);
    folder.write("birdhouse.yaml", "name: shop\ntargets:\n  warehouse: {kind: clickhouse, url: "
                                   "\"http://127.0.0.1:1\", cluster: all-nodes, replicated: true}\n");
    World world(folder.path());
    const ops::OpenProject project = ops::open_project(folder.path());
    Diagnostics problems;
    const auto plan = ops::plan_migrations(project, world.session, "", "", problems);
    INFO((plan ? "" : plan.error().message) << render_text(problems, project.sources));
    REQUIRE(plan);
    REQUIRE(*plan);
    for (const std::string& text :
         {ops::render_text(**plan), ops::render_markdown(**plan), ops::render_json(**plan)}) {
        INFO(text);
        CHECK(testing::holds(text, "CREATE TABLE `shop`.`orders` ON CLUSTER `all-nodes`"));
        CHECK(testing::holds(text, "ENGINE = ReplicatedMergeTree"));
        CHECK(
            testing::holds(text, "ALTER TABLE `shop`.`orders` ON CLUSTER `all-nodes` ADD COLUMN `country` "));
    }
}
