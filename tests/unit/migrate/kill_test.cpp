// A process is killed (SIGKILL) right before each statement that `migrate apply` sends, those of the ledger
// included, so between every two of them. Then the command is run again. Whatever the place, the end is the
// schema and the rows of an undisturbed run.
#include "base/text.hpp"
#include "engine/library.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_files.hpp"
#include "support/golden.hpp"
#include "target/catalog.hpp"
#include "target/embedded.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include <catch2/catch.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace birdhouse;
using birdhouse::testing::TemporaryFolder;

namespace {

// Counts what reaches the target and dies before the chosen statement; -1 never dies.
struct Killer {
    int at = -1;
    int seen = 0;

    void before_statement() {
        if (seen++ == at) {
            ::kill(::getpid(), SIGKILL);
        }
    }
};

class KillingChannel final : public target::SqlChannel {
public:
    KillingChannel(target::SqlChannel& inner, Killer& killer) : inner_(inner), killer_(killer) {}
    Result<target::QueryResult> query(std::string_view sql, std::string_view format,
                                      std::span<const target::Parameter> parameters) override {
        if (sql.starts_with("SELECT")) {
            return inner_.query(sql, format, parameters);
        }
        killer_.before_statement();
        return inner_.query(sql, format, parameters);
    }
    Result<std::uint64_t> insert(std::string_view sql, std::string_view format,
                                 std::string_view bytes) override {
        killer_.before_statement();
        return inner_.insert(sql, format, bytes);
    }

private:
    target::SqlChannel& inner_;
    Killer& killer_;
};

class KillingTarget final : public target::SqlTarget {
public:
    KillingTarget(std::unique_ptr<target::SqlTarget> inner, Killer& killer)
        : inner_(std::move(inner)), channel_(inner_->channel(), killer) {}
    const std::string& name() const override { return inner_->name(); }
    const std::string& database() const override { return inner_->database(); }
    target::SqlChannel& channel() override { return channel_; }

private:
    std::unique_ptr<target::SqlTarget> inner_;
    KillingChannel channel_;
};

engine::LibraryPlaces library_places() {
    const char* named = std::getenv("BIRDHOUSE_LIBCHDB");
    return {named == nullptr ? "" : named, std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "build" / "test"};
}

class KillingOpener final : public target::TargetOpener {
public:
    explicit KillingOpener(Killer& killer) : killer_(killer) {}
    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings& settings,
                                                    const std::filesystem::path& folder) override {
        TRY_ASSIGN(const std::shared_ptr<engine::Library> library, load());
        TRY_ASSIGN(std::unique_ptr<target::SqlTarget> inner,
                   target::open_embedded(library, settings, folder));
        return std::unique_ptr<target::SqlTarget>(std::make_unique<KillingTarget>(std::move(inner), killer_));
    }
    bool exists(const model::TargetSettings& settings, const std::filesystem::path& folder) override {
        return std::filesystem::exists(target::storage_folder(settings, folder));
    }
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override {
        TRY_ASSIGN(const std::shared_ptr<engine::Library> library, load());
        return target::open_scratch(library);
    }
    Result<std::string> engine_version() override { return std::string("test"); }

private:
    Result<std::shared_ptr<engine::Library>> load() {
        if (!library_) {
            TRY_ASSIGN(library_, engine::Library::load(library_places()));
        }
        return library_;
    }
    Killer& killer_;
    std::shared_ptr<engine::Library> library_;
};

class NoEnvironment final : public ops::Environment {
public:
    std::optional<std::string> get(std::string_view) const override { return std::nullopt; }
};

class NoClock final : public ops::Clock {
public:
    std::chrono::system_clock::time_point now() const override { return {}; }
};

constexpr const char* kProject = "name: killing\n";
constexpr const char* kFirst = R"yaml(migration: 0001_events
steps:
  - create_datasource:
      datasource: events
      columns:
        - {name: id, type: UInt64, path: $.id}
        - {name: kind, type: String, path: $.kind, default: "'text'"}
        - {name: old, type: String, path: $.old, default: "''"}
      engine: {kind: MergeTree, sorting_key: id}
)yaml";
// Every kind of statement: alters, mutations, a drop, a copy through a scratch table, a view.
constexpr const char* kSecond = R"yaml(migration: 0002_more
steps:
  - add_column: {datasource: events, name: width, type: UInt16, path: $.width, default: 7, after: id}
  - change_type: {datasource: events, name: kind, type: LowCardinality(String)}
  - set_default: {datasource: events, name: kind, default: "'image'"}
  - rename_column: {datasource: events, from: old, to: note}
  - set_nullable: {datasource: events, name: width, nullable: true}
  - add_index: {datasource: events, name: by_kind, expression: kind, type: minmax, granularity: 1}
  - create_datasource:
      datasource: by_kind
      columns:
        - {name: kind, type: LowCardinality(String)}
        - {name: rows, type: "SimpleAggregateFunction(sum, UInt64)"}
      engine: {kind: AggregatingMergeTree, sorting_key: kind}
  - create_materialized_view: {view: by_kind_mv, to: by_kind, sql: "SELECT kind, count() AS rows FROM events GROUP BY kind", backfill: true}
  - drop_column: {datasource: events, name: note}
allow:
  - {code: D101, column: events.note, rows: 1000}
)yaml";

void write_project(const TemporaryFolder& folder) {
    folder.write("birdhouse.yaml", kProject);
    folder.write("migrations/0001_events.yaml", kFirst);
    folder.write("migrations/0002_more.yaml", kSecond);
    const ops::OpenProject project = ops::open_project(folder.path());
    INFO(render_text(project.problems, project.sources));
    REQUIRE(project.usable());
    folder.write("migrations/birdhouse.sum", ops::write_sum(project.migrations));
}

// One run of the command in a process of its own; how it ended, and how many statements reached the target.
struct Ending {
    bool killed = false;
    int exit_code = 0;
};

template <class Body>
Ending in_a_process(Body body) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::_exit(body()); // no destructors of the parent's, no second report of the test
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return {WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

struct World {
    NoEnvironment environment;
    NoClock clock;
    Killer killer;
    KillingOpener opener{killer};
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    ops::Session session;
    explicit World(const std::filesystem::path& folder, Killer with = {})
        : killer(with), session{folder, in, out, err, environment, clock, opener, false, false, "test"} {}
};

int apply(const std::filesystem::path& folder, Killer killer, const std::string& up_to,
          int* statements = nullptr) {
    World world(folder, killer);
    const ops::OpenProject project = ops::open_project(folder);
    Diagnostics problems;
    const auto report = ops::apply_migrations(project, world.session, "", up_to, {}, problems);
    std::cerr << render_text(problems, project.sources);
    if (!report) {
        std::cerr << report.error().message << "\n" << report.error().hint << "\n";
        return static_cast<int>(report.error().code);
    }
    if (statements != nullptr) {
        *statements = world.killer.seen;
    }
    return *report ? 0 : 1;
}

int insert_rows(const std::filesystem::path& folder) {
    World world(folder);
    const ops::OpenProject project = ops::open_project(folder);
    const auto settings = ops::choose_target(project.project.config, "");
    const auto target = world.opener.open(*settings, folder);
    const auto done = (*target)->channel().execute(
        "INSERT INTO events SELECT number, if(number % 3 = 0, 'text', 'other'), 'n' FROM numbers(1000)");
    return done ? 0 : 1;
}

// What a finished run leaves, as text: the tables, the rows, the aggregates, the ledger's last word.
std::string end_state(const std::filesystem::path& folder) {
    World world(folder);
    const ops::OpenProject project = ops::open_project(folder);
    const auto settings = ops::choose_target(project.project.config, "");
    const auto target = world.opener.open(*settings, folder);
    std::string state;
    for (const char* sql :
         {"SELECT name, engine FROM system.tables WHERE database = currentDatabase() ORDER BY name",
          "SELECT table, name, type, default_expression FROM system.columns WHERE database = "
          "currentDatabase() AND table NOT LIKE '!_%' ESCAPE '!' ORDER BY table, position",
          "SELECT count(), uniqExact(id), sum(id), countIf(width = 7), countIf(kind = 'text') FROM events",
          "SELECT kind, sum(rows) FROM by_kind GROUP BY kind ORDER BY kind",
          "SELECT migration, argMax(event, sequence) FROM _birdhouse_ledger GROUP BY migration ORDER BY "
          "migration"}) {
        const auto result = (*target)->channel().query(sql, "TSV", {});
        state += result ? result->bytes : result.error().message;
        state += "\n";
    }
    return state;
}

std::string end_state_in_a_process(const TemporaryFolder& folder) {
    const std::filesystem::path file = folder.path() / "state.txt";
    const Ending ending = in_a_process([&] {
        folder.write("state.txt", end_state(folder.path()));
        return 0;
    });
    REQUIRE(ending.exit_code == 0);
    return birdhouse::testing::read_text(file);
}

void prepare(const TemporaryFolder& folder) {
    write_project(folder);
    REQUIRE(in_a_process([&] { return apply(folder.path(), {}, "0001_events"); }).exit_code == 0);
    REQUIRE(in_a_process([&] { return insert_rows(folder.path()); }).exit_code == 0);
}

} // namespace

TEST_CASE("a run killed at any statement and run again ends as an undisturbed one, with every row") {
#if defined(__SANITIZE_ADDRESS__)
    WARN("SKIPPED: the engine library cannot be loaded under AddressSanitizer");
    return;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    WARN("SKIPPED: the engine library cannot be loaded under AddressSanitizer");
    return;
#endif
#endif
    const TemporaryFolder undisturbed;
    prepare(undisturbed);
    int statements = 0;
    const std::filesystem::path counter = undisturbed.path() / "count.txt";
    REQUIRE(in_a_process([&] {
                const int code = apply(undisturbed.path(), {}, "", &statements);
                undisturbed.write("count.txt", std::to_string(statements));
                return code;
            }).exit_code == 0);
    statements = std::stoi(birdhouse::testing::read_text(counter));
    const std::string expected = end_state_in_a_process(undisturbed);
    CAPTURE(statements, expected);
    REQUIRE(statements > 30);
    REQUIRE(expected.find("1000\t1000\t499500\t1000\t334\n") != std::string::npos);
    REQUIRE(expected.find("other\t666\ntext\t334\n") != std::string::npos);

    const TemporaryFolder prepared;
    prepare(prepared);
    for (int at = 0; at < statements; ++at) {
        const TemporaryFolder folder;
        std::filesystem::copy(prepared.path(), folder.path(),
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::copy_symlinks);
        INFO("killed before statement " << at);
        REQUIRE(in_a_process([&] { return apply(folder.path(), {at, 0}, ""); }).killed);
        REQUIRE(in_a_process([&] { return apply(folder.path(), {}, ""); }).exit_code == 0);
        REQUIRE(end_state_in_a_process(folder) == expected);
    }
    WARN("killed and resumed at " << statements << " places");
}
