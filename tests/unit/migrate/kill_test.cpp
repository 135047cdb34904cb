// A process is killed (SIGKILL) right before each statement that `migrate apply` sends, those of the ledger
// and the lock included, so between every two of them, and in the middle of a copy. Then the command is run
// again. Whatever the place, the end is the schema and the rows of an undisturbed run. Every fifth place of a
// sweep is struck, since each costs two runs over the engine; BIRDHOUSE_KILL_EVERY=1 strikes them all.
#include "world.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <catch2/catch.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace birdhouse;
using birdhouse::testing::read_text;
using birdhouse::testing::TemporaryFolder;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kHasEngine = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kHasEngine = false;
#else
constexpr bool kHasEngine = true;
#endif
#else
constexpr bool kHasEngine = true;
#endif

constexpr const char* kFirst = R"yaml(migration: 0001_events
steps:
  - create_datasource:
      datasource: events
      columns:
        - {name: id, type: UInt64, path: $.id}
        - {name: kind, type: String, path: $.kind, default: "'text'"}
        - {name: old, type: String, path: $.old, default: "''"}
      engine: {kind: MergeTree, sorting_key: id, partition_key: id % 3}
  - create_datasource:
      datasource: by_old
      columns:
        - {name: old, type: String}
        - {name: rows, type: "SimpleAggregateFunction(sum, UInt64)"}
      engine: {kind: AggregatingMergeTree, sorting_key: old}
  - create_materialized_view: {view: by_old_mv, to: by_old, sql: "SELECT kind AS old, count() AS rows FROM events GROUP BY old"}
)yaml";
// Every kind of statement: alters, mutations, a drop, a copy through a scratch table, a view.
constexpr const char* kEveryStep = R"yaml(migration: 0002_more
steps:
  - add_column: {datasource: events, name: width, type: UInt16, path: $.width, default: 7, after: id}
  - change_type: {datasource: events, name: kind, type: LowCardinality(String)}
  - move_column: {datasource: events, name: kind, first: true}
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
// Another key and another type in the same partitions.
constexpr const char* kOtherKey = R"yaml(migration: 0002_more
steps:
  - rebuild_datasource:
      datasource: events
      engine: {kind: ReplacingMergeTree, sorting_key: [kind, id], partition_key: id % 3}
      types: {old: LowCardinality(String)}
)yaml";
// Other partitions: a copy that was stopped begins anew.
constexpr const char* kOtherPartitions = R"yaml(migration: 0002_more
steps:
  - rebuild_datasource:
      datasource: events
      engine: {kind: MergeTree, sorting_key: id, partition_key: id % 2}
)yaml";
// Another engine alone: the parts are linked, not copied.
constexpr const char* kOtherEngine = R"yaml(migration: 0002_more
steps:
  - rebuild_datasource:
      datasource: events
      engine: {kind: ReplacingMergeTree, sorting_key: id, partition_key: id % 3}
)yaml";

// One run in a process of its own, and how it ended.
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

// The rows of a query as one text: opening the engine is what a look at the end costs most.
std::string as_text(const std::string& columns, const std::string& rest) {
    return "(SELECT arrayStringConcat(groupArray(line), ';') FROM (SELECT arrayStringConcat(arrayMap(x -> "
           "toString(x), [" +
           columns + "]), ',') AS line FROM " + rest + "))";
}

// What a finished run leaves, as text: the tables, the rows, the aggregates, the ledger's last word.
std::string end_state(const std::filesystem::path& folder) {
    // A lock whose owner is dead stays until the next run that has something to do.
    const std::string ours = "WHERE database = currentDatabase() AND ";
    const std::string state = testing::query(
        folder,
        "SELECT " +
            as_text("name, engine, sorting_key, partition_key",
                    "system.tables " + ours + "name != '_birdhouse_lock' ORDER BY name") +
            ", " +
            as_text("table, name, type, default_expression",
                    "system.columns " + ours + "table NOT LIKE '!_%' ESCAPE '!' ORDER BY table, position") +
            ", " +
            as_text("toString(count()), toString(uniqExact(id)), toString(sum(id)), toString(countIf(kind = "
                    "'text')), toString(sum(cityHash64(toString(kind))))",
                    "events") +
            ", " + as_text("old, toString(sum(rows))", "by_old GROUP BY old ORDER BY old") + ", " +
            as_text("migration, toString(argMax(event, sequence))",
                    "_birdhouse_ledger GROUP BY migration ORDER BY migration"));
    return state.find("by_kind") == std::string::npos
               ? state
               : state + testing::query(folder,
                                        "SELECT kind, sum(rows) FROM by_kind GROUP BY kind ORDER BY kind");
}

int apply_and_tell(const std::filesystem::path& folder, const testing::StatementHook& hook = {},
                   const std::string& up_to = "") {
    const testing::Outcome outcome = testing::apply(folder, hook, up_to, {std::chrono::seconds(0), false});
    if (outcome.code != 0) {
        std::cerr << outcome.problems << outcome.message << "\n" << outcome.hint << "\n";
    }
    return outcome.code;
}

// A target with the first migration and a thousand rows; `second` waits to be applied.
void prepare(const TemporaryFolder& folder, const char* second) {
    folder.write("birdhouse.yaml", "name: killing\n");
    testing::write_migrations(folder, {kFirst, second});
    REQUIRE(in_a_process([&] {
                const int code = apply_and_tell(folder.path(), {}, "0001_events");
                const std::string said = testing::query(
                    folder.path(),
                    "INSERT INTO events SELECT number, if(number % 3 = 0, 'text', 'other'), 'n' FROM "
                    "numbers(1000)");
                std::cerr << said;
                return code + static_cast<int>(said.size());
            }).exit_code == 0);
}

void copy_folder(const TemporaryFolder& from, const TemporaryFolder& to) {
    std::filesystem::copy(from.path(), to.path(),
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::copy_symlinks);
}

// Does the hook's `at`-th call to be counted end the process?
using Filter = bool (*)(std::string_view sql);

bool every_statement(std::string_view) { return true; }
// Without those before which nothing has happened since the last kill: the row that a statement begins.
bool all_but_beginnings(std::string_view sql) {
    return sql.find("\"event\":\"started\"") == std::string_view::npos;
}
// Those that move rows.
bool of_a_copy(std::string_view sql) {
    return sql.starts_with("INSERT INTO `killing`.`_birdhouse_rebuild_") ||
           sql.find("ATTACH PARTITION") != std::string_view::npos || sql.starts_with("EXCHANGE") ||
           sql.starts_with("RENAME");
}

// What a copy leaves that was killed in its middle: some rows of a partition, here of the last one, which is
// not recorded as copied while any is under way.
void copy_half(target::SqlChannel& channel, std::string_view sql) {
    constexpr std::string_view kWhere = "WHERE _partition_id = {partition:String}";
    const std::size_t at = sql.find(kWhere);
    if (at == std::string_view::npos || !sql.starts_with("INSERT")) {
        return;
    }
    std::string half(sql);
    half.replace(at, kWhere.size(), "WHERE id % 2 = 0 AND _partition_id = '2'");
    if (const Result<void> done = channel.execute(half); !done) {
        std::cerr << done.error().message << "\n";
    }
}

std::string undisturbed_end(const TemporaryFolder& prepared, Filter filter, int& statements) {
    const TemporaryFolder folder;
    copy_folder(prepared, folder);
    REQUIRE(in_a_process([&] {
                int seen = 0;
                const int code =
                    apply_and_tell(folder.path(), [&](target::SqlChannel&, std::string_view sql) {
                        seen += filter(sql) ? 1 : 0;
                    });
                folder.write("count.txt", std::to_string(seen));
                folder.write("state.txt", end_state(folder.path()));
                return code;
            }).exit_code == 0);
    statements = std::stoi(read_text(folder.path() / "count.txt"));
    return read_text(folder.path() / "state.txt");
}

int stride() {
    const char* given = std::getenv("BIRDHOUSE_KILL_EVERY");
    return given == nullptr ? 5 : std::max(1, std::atoi(given));
}

void kill_everywhere(const char* migration, Filter filter, const char* expected_rows) {
    const TemporaryFolder prepared;
    prepare(prepared, migration);
    int statements = 0;
    const std::string expected = undisturbed_end(prepared, filter, statements);
    CAPTURE(statements, expected);
    REQUIRE(statements > 2);
    REQUIRE(expected.find(expected_rows) != std::string::npos);
    for (int at = 0; at < statements; at += stride()) {
        const TemporaryFolder folder;
        copy_folder(prepared, folder);
        INFO("killed before statement " << at);
        REQUIRE(in_a_process([&] {
                    int seen = 0;
                    return apply_and_tell(folder.path(),
                                          [&](target::SqlChannel& channel, std::string_view sql) {
                                              if (filter(sql) && seen++ == at) {
                                                  copy_half(channel, sql);
                                                  ::kill(::getpid(), SIGKILL);
                                              }
                                          });
                }).killed);
        REQUIRE(in_a_process([&] {
                    const int code = apply_and_tell(folder.path());
                    folder.write("state.txt", end_state(folder.path()));
                    return code;
                }).exit_code == 0);
        REQUIRE(read_text(folder.path() / "state.txt") == expected);
    }
    WARN("killed and resumed at every " << stride() << ". of " << statements << " places");
}

} // namespace

TEST_CASE("a run killed at any statement and run again ends as an undisturbed one, with every row") {
    if (!kHasEngine) {
        WARN("SKIPPED: the engine library cannot be loaded under AddressSanitizer");
        return;
    }
    kill_everywhere(kEveryStep, every_statement, "1000,1000,499500,334,");
}

TEST_CASE("a rebuild killed at any statement and in its copy ends with every row once") {
    if (!kHasEngine) {
        WARN("SKIPPED: the engine library cannot be loaded under AddressSanitizer");
        return;
    }
    kill_everywhere(kOtherKey, all_but_beginnings, "1000,1000,499500,334,");
    kill_everywhere(kOtherPartitions, of_a_copy, "1000,1000,499500,334,");
    kill_everywhere(kOtherEngine, of_a_copy, "1000,1000,499500,334,");
}

TEST_CASE("of eight processes that apply at once one does, the others wait or leave with exit code 4") {
    if (!kHasEngine) {
        WARN("SKIPPED: the engine library cannot be loaded under AddressSanitizer");
        return;
    }
    const TemporaryFolder folder;
    prepare(folder, kOtherKey);
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            // Half of them wait for long, half leave at once.
            const auto wait = std::chrono::seconds(i % 2 == 0 ? 120 : 0);
            ::_exit(testing::apply(folder.path(), {}, "", {wait, false}).code);
        }
        children.push_back(child);
    }
    int fine = 0;
    for (std::size_t i = 0; i < children.size(); ++i) {
        int status = 0;
        REQUIRE(::waitpid(children[i], &status, 0) == children[i]);
        const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        INFO("process " << i << " left with " << code);
        CHECK((code == 0 || (code == 4 && i % 2 == 1)));
        fine += code == 0 ? 1 : 0;
    }
    CHECK(fine >= 4);
    REQUIRE(in_a_process([&] {
                folder.write("state.txt",
                             end_state(folder.path()) +
                                 testing::query(folder.path(), "SELECT event, count() FROM _birdhouse_ledger "
                                                               "WHERE migration = '0002_more' AND event = "
                                                               "'applied' GROUP BY event") +
                                 testing::query(folder.path(), "SELECT 'locks', count() FROM system.tables "
                                                               "WHERE name = '_birdhouse_lock'"));
                return 0;
            }).exit_code == 0);
    const std::string state = read_text(folder.path() / "state.txt");
    CAPTURE(state);
    CHECK(state.find("1000,1000,499500,334,") != std::string::npos);
    CHECK(state.find("applied\t1\n") != std::string::npos);
    CHECK(state.find("locks\t0\n") != std::string::npos);
}
