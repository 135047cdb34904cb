// What every target of tables must do. Each case runs on each kind: the engine in this process, and
// ClickHouse over HTTP (a front over an engine in another process).
#include "base/text.hpp"
#include "cli/wiring.hpp"
#include "front_process.hpp"
#include "ops/migrate.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"
#include "support/migrations.hpp"
#include "target/catalog.hpp"
#include "target/ledger.hpp"
#include "target/sql_text.hpp"

#include <array>
#include <sstream>

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::FrontProcess;
using birdhouse::testing::TemporaryFolder;

namespace {

constexpr const char* kFirst = R"yaml(migration: 0001_events
steps:
  - create_datasource:
      datasource: events
      columns:
        - {name: id, type: UInt64, path: $.id}
        - {name: kind, type: String, path: $.kind, default: "'text'"}
        - {name: at, type: DateTime, path: $.at}
      engine: {kind: MergeTree, sorting_key: id, partition_key: toYYYYMM(at), ttl: at + INTERVAL 50 YEAR}
)yaml";
constexpr const char* kSecond = R"yaml(migration: 0002_kinds
steps:
  - add_column: {datasource: events, name: width, type: UInt16, path: $.width, default: 7, after: id}
  - change_type: {datasource: events, name: kind, type: LowCardinality(String)}
  - add_index: {datasource: events, name: by_kind, expression: kind, type: minmax, granularity: 1}
  - create_datasource:
      datasource: by_kind
      columns:
        - {name: kind, type: LowCardinality(String)}
        - {name: rows, type: "SimpleAggregateFunction(sum, UInt64)"}
      engine: {kind: AggregatingMergeTree, sorting_key: kind}
  - create_materialized_view: {view: by_kind_mv, to: by_kind, sql: "SELECT kind, count() AS rows FROM events GROUP BY kind", backfill: true}
)yaml";
// Refused by the target alone: on the proof's empty table every text is a number.
constexpr const char* kThird = R"yaml(migration: 0003_numbers
steps:
  - add_column: {datasource: events, name: height, type: UInt16, path: $.height, default: 9, after: width}
  - change_type: {datasource: events, name: kind, type: LowCardinality(String)}
)yaml";

class TestEnvironment final : public ops::Environment {
public:
    std::optional<std::string> get(std::string_view name) const override {
        if (name == "WRITER_PASSWORD") {
            return "opensesame";
        }
        const char* value = name == "BIRDHOUSE_LIBCHDB" ? std::getenv("BIRDHOUSE_LIBCHDB") : nullptr;
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    }
};

// A project with one target of the kind.
class World {
public:
    explicit World(const std::string& kind) {
        std::string target = "local: {kind: embedded, path: store}";
        if (kind == "clickhouse") {
            front_.emplace("opensesame");
            target = "local: {kind: clickhouse, url: '" + front_->url() +
                     "', user: writer, password_env: WRITER_PASSWORD, settings: max_threads = 2}";
        }
        folder_.write("birdhouse.yaml", "name: shop\ntargets:\n  " + target + "\n");
        write_migrations({kFirst, kSecond});
    }

    void write_migrations(const std::vector<std::string>& texts) const {
        testing::write_migrations(folder_, texts);
    }

    Result<std::optional<ops::ApplyReport>> apply(const std::string& up_to = {}) {
        const ops::OpenProject project = ops::open_project(folder_.path());
        Diagnostics problems;
        auto report = ops::apply_migrations(project, session_, "", up_to, {}, problems);
        INFO(render_text(problems, project.sources));
        CHECK_FALSE(problems.has_errors());
        return report;
    }

    std::unique_ptr<target::SqlTarget> open() {
        const ops::OpenProject project = ops::open_project(folder_.path());
        const auto settings = ops::choose_target(project.project.config, "");
        auto opened = opener_->open(*settings, folder_.path());
        INFO((opened ? "" : opened.error().message));
        REQUIRE(opened.ok());
        return std::move(opened).value();
    }

    ops::Session& session() { return session_; }
    const TemporaryFolder& folder() const { return folder_; }

private:
    TestEnvironment environment_;
    cli::SystemClock clock_;
    std::unique_ptr<target::TargetOpener> opener_ =
        cli::make_target_opener(environment_, std::filesystem::path(BIRDHOUSE_BINARY_DIR) / "birdhouse");
    std::istringstream in_;
    std::ostringstream out_;
    std::ostringstream err_;
    TemporaryFolder folder_;
    std::optional<FrontProcess> front_;
    ops::Session session_{.folder = folder_.path(),
                          .in = in_,
                          .out = out_,
                          .err = err_,
                          .environment = environment_,
                          .clock = clock_,
                          .targets = *opener_,
                          .colour = false,
                          .progress = false,
                          .version = "test"};
};

std::string rows(target::SqlChannel& channel, const std::string& sql, const std::string& format = "TSV") {
    const auto result = channel.query(sql, format, {});
    return result ? result->bytes : result.error().message;
}

// What views write is counted as well.
void insert_events(target::SqlChannel& channel, std::uint64_t expected = 3) {
    const auto written = channel.insert("INSERT INTO events (id, kind, at)", "JSONEachRow",
                                        "{\"id\": 1, \"kind\": \"image\", \"at\": \"2026-01-01T10:00:00Z\"}\n"
                                        "{\"id\": 2, \"kind\": \"a\\tb\", \"at\": \"2026-02-01 10:00:00\"}\n"
                                        "{\"id\": 3, \"at\": \"2026-02-02 10:00:00\"}\n");
    INFO((written ? "" : written.error().message));
    REQUIRE(written.ok());
    CHECK(*written == expected);
}

constexpr std::array<const char*, 2> kKinds = {"embedded", "clickhouse"};

// Everything that a run leaves, but for times and uuids.
std::string end_state(target::SqlTarget& target) {
    std::string state;
    for (const char* sql :
         {"SELECT name, engine_full FROM system.tables WHERE database = currentDatabase() ORDER BY name",
          "SELECT table, name, type, default_expression, compression_codec FROM system.columns"
          " WHERE database = currentDatabase() ORDER BY table, position",
          "SELECT * FROM events ORDER BY id",
          "SELECT kind, sum(rows) FROM by_kind GROUP BY kind ORDER BY kind",
          "SELECT sequence, migration, direction, event, step, statement, statement_hash"
          " FROM _birdhouse_ledger ORDER BY sequence"}) {
        state += rows(target.channel(), sql) + "\n";
    }
    return state;
}

std::string state_after_migrations(const std::string& kind) {
    World world(kind);
    REQUIRE(world.apply("0001_events").ok());
    insert_events(world.open()->channel());
    const auto report = world.apply();
    INFO((report ? "" : report.error().message));
    REQUIRE(report.ok());
    REQUIRE(*report);
    const auto target = world.open();
    insert_events(target->channel(), 6);
    return end_state(*target);
}

} // namespace

TEST_CASE("an engine over HTTP ends, row for row, as the one in this process does") {
    REQUIRE_ENGINE(library);
    const std::string embedded = state_after_migrations("embedded");
    CHECK(embedded.find("a\\tb\t2") != std::string::npos);
    CHECK(embedded == state_after_migrations("clickhouse"));
}

TEST_CASE("a target of tables reads, writes, binds and refuses", "[targets]") {
    REQUIRE_ENGINE(library);
    for (const std::string kind : kKinds) {
        SECTION(kind) {
            World world(kind);
            REQUIRE(world.apply("0001_events").ok());
            const auto target = world.open();
            target::SqlChannel& channel = target->channel();
            insert_events(channel);
            CHECK(rows(channel, "SELECT count(), max(at) FROM events") == "3\t2026-02-02 10:00:00\n");
            CHECK(rows(channel, "SELECT currentDatabase(), timezone()") == "shop\tUTC\n");
            CHECK(rows(channel, "SELECT id FROM events WHERE id = 1", "JSONEachRow") ==
                  std::string("{\"id\":1}\n"));

            const std::vector<target::Parameter> bound = {{"kind", target::escape_tsv("a\tb")},
                                                          {"table", "events"}};
            const auto found =
                channel.query("SELECT id FROM {table:Identifier} WHERE kind = {kind:String}", "TSV", bound);
            INFO((found ? "" : found.error().message));
            REQUIRE(found.ok());
            CHECK(found->bytes == "2\n");
            CHECK(found->rows_read > 0);

            const auto unknown = channel.query("SELECT * FROM nothing_here", "TSV", {});
            REQUIRE_FALSE(unknown.ok());
            CHECK(unknown.error().code == ExitCode::Failed);
            CHECK(unknown.error().message.starts_with("the engine refused: "));
            CHECK(unknown.error().message.ends_with("(60 UNKNOWN_TABLE)"));
            const auto bad = channel.insert("INSERT INTO events", "JSONEachRow", "{\"id\": \"x\"}\n");
            REQUIRE_FALSE(bad.ok());
            CHECK(bad.error().message.find("(27 CANNOT_PARSE_INPUT_ASSERTION_FAILED)") != std::string::npos);
            CHECK(rows(channel, "SELECT count() FROM events") == "3\n");
        }
    }
}

TEST_CASE("a target of tables is described as the engine in memory describes its tables", "[targets]") {
    REQUIRE_ENGINE(library);
    for (const std::string kind : kKinds) {
        SECTION(kind) {
            World world(kind);
            REQUIRE(world.apply().ok());
            const auto target = world.open();
            const auto catalog = target::read_catalog(target->channel(), target->database());
            REQUIRE(catalog.ok());
            const target::TableState* events = target::find_table(*catalog, "events");
            REQUIRE(events != nullptr);
            CHECK(events->engine == "MergeTree");
            CHECK(events->sorting_key == "id");
            CHECK(events->partition_key == "toYYYYMM(at)");
            CHECK(events->ttl == "at + toIntervalYear(50)");
            REQUIRE(events->columns.size() == 4);
            CHECK(events->columns[1].name == "width");
            CHECK(events->columns[1].default_expression == "7");
            const target::TableState* view = target::find_table(*catalog, "by_kind_mv");
            REQUIRE(view != nullptr);
            CHECK(view->view_target == "by_kind");
        }
    }
}

TEST_CASE("a migration goes on where a statement had failed, and what it did is not done again",
          "[targets]") {
    REQUIRE_ENGINE(library);
    for (const std::string kind : kKinds) {
        SECTION(kind) {
            World world(kind);
            REQUIRE(world.apply("0001_events").ok());
            {
                // A table that the migration is to make stands in its way.
                const auto target = world.open();
                insert_events(target->channel());
                REQUIRE(target->channel().execute("CREATE TABLE by_kind (x UInt8) ENGINE = Memory").ok());
            }
            const auto failed = world.apply();
            REQUIRE_FALSE(failed.ok());
            CHECK(failed.error().message.find("by_kind") != std::string::npos);
            {
                const auto target = world.open();
                target::Ledger ledger(target->channel(), target->database());
                const auto entries = ledger.read();
                REQUIRE(entries.ok());
                CHECK(std::none_of(entries->begin(), entries->end(), [](const target::LedgerEntry& entry) {
                    return entry.migration == "0002_kinds" && entry.event == target::LedgerEvent::Applied;
                }));
                REQUIRE(target->channel().execute("DROP TABLE by_kind").ok());
            }
            const auto again = world.apply();
            INFO((again ? "" : again.error().message));
            REQUIRE(again.ok());
            REQUIRE(*again);
            REQUIRE((*again)->applied.size() == 1);
            CHECK((*again)->applied[0].skipped == 3); // the column, the type, the index
            const auto target = world.open();
            CHECK(rows(target->channel(), "SELECT sum(rows) FROM by_kind") == "3\n");
            CHECK(rows(target->channel(), "SELECT count(), sum(width) FROM events") == "3\t21\n");
        }
    }
}

TEST_CASE("a target of tables tells what it has, and takes the newest migration back", "[targets]") {
    REQUIRE_ENGINE(library);
    for (const std::string kind : kKinds) {
        SECTION(kind) {
            World world(kind);
            REQUIRE(world.apply().ok());
            world.write_migrations({kThird});
            const ops::OpenProject project = ops::open_project(world.folder().path());
            const auto status = ops::migration_status(project, world.session(), "");
            REQUIRE(status.ok());
            CHECK(status->pending() == 1);
            CHECK(status->migrations[1].state == ops::MigrationState::Applied);
            REQUIRE(world.apply().ok());
            CHECK(rows(world.open()->channel(), "SELECT count() FROM system.columns WHERE database = 'shop' "
                                                "AND table = 'events' AND name = 'height'") == "1\n");
            Diagnostics problems;
            const auto back =
                ops::rollback_migration(project, world.session(), "", true, false, {}, problems);
            INFO((back ? "" : back.error().message));
            REQUIRE(back.ok());
            CHECK(rows(world.open()->channel(), "SELECT count() FROM system.columns WHERE database = 'shop' "
                                                "AND table = 'events' AND name = 'height'") == "0\n");
        }
    }
}
