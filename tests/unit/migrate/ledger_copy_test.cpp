// The copy of an embedded ledger: true while the ledger's files are those it was read from, and void after.
#include "base/files.hpp"
#include "support/engine_library.hpp"
#include "target/embedded.hpp"
#include "target/ledger_copy.hpp"
#include "world.hpp"

#include <filesystem>
#include <fstream>

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
      columns: [{name: id, type: UInt64}]
      engine: {kind: MergeTree, sorting_key: id}
)yaml";
constexpr const char* kSecond = R"yaml(migration: 0002_note
steps:
  - add_column: {datasource: orders, name: note, type: String}
)yaml";

using Entries = std::optional<std::vector<target::LedgerEntry>>;

target::LedgerCopy copy_in(const TemporaryFolder& folder) {
    const ops::OpenProject project = ops::open_project(folder.path());
    const auto settings = ops::choose_target(project.project.config, "");
    REQUIRE(settings);
    auto copy = target::ledger_copy_of(*settings, folder.path());
    REQUIRE(copy);
    return *copy;
}

std::filesystem::path copy_file(const TemporaryFolder& folder) {
    for (const auto& one : std::filesystem::recursive_directory_iterator(folder.path() / ".birdhouse")) {
        if (one.path().filename() == "birdhouse_ledger.ndjson") {
            return one.path();
        }
    }
    return {};
}

// What `migrate status` shows of each; looks at the ledger, so that a copy is there afterwards.
std::string states(const TemporaryFolder& folder) {
    World world(folder.path());
    const auto report = ops::migration_status(ops::open_project(folder.path()), world.session, "", false);
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    std::string text;
    for (const auto& one : report->migrations) {
        text += one.id + " " + std::to_string(static_cast<int>(one.state)) + "\n";
    }
    return text;
}

// A project whose first migration is applied; what `migrate status` shows of it then.
std::string apply_first(const TemporaryFolder& folder) {
    testing::write_project(folder, {kFirst});
    REQUIRE(apply(folder.path()).code == 0);
    return states(folder);
}

std::string lines_of(const Entries& entries) {
    std::string text;
    for (const target::LedgerEntry& entry : entries.value_or(std::vector<target::LedgerEntry>())) {
        text += target::write_entry(entry) + "\n";
    }
    return text;
}

std::string rows_of_table(const TemporaryFolder& folder) {
    const auto entries = target::parse_entries(
        query(folder.path(), "SELECT * FROM _birdhouse_ledger ORDER BY sequence"
                             " SETTINGS output_format_json_quote_64bit_integers = 0 FORMAT JSONEachRow"));
    REQUIRE(entries);
    return lines_of(*entries);
}

} // namespace

TEST_CASE("a copy of the ledger holds what the table holds, and counts while nothing is written") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    const std::string shown = apply_first(folder);
    const Entries kept = copy_in(folder).read();
    REQUIRE(kept);
    CHECK(lines_of(kept) == rows_of_table(folder));
    CHECK(kept->back().event == target::LedgerEvent::Applied);
    CHECK_FALSE(kept->back().at.empty());
    CHECK(states(folder) == shown);

    testing::write_migrations(folder, {kSecond});
    CHECK(apply(folder.path()).code == 0);
    CHECK(states(folder) != shown);
    CHECK(lines_of(copy_in(folder).read()) == rows_of_table(folder));
}

TEST_CASE("whatever is done to the ledger's table makes its copy void") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    const std::string shown = apply_first(folder);
    REQUIRE(copy_in(folder).read());
    const auto change = [&](const std::string& sql) {
        INFO(sql);
        CHECK(query(folder.path(), sql).empty());
        CHECK_FALSE(copy_in(folder).read());
    };
    change("OPTIMIZE TABLE _birdhouse_ledger FINAL");
    CHECK(states(folder) == shown);
    change("INSERT INTO _birdhouse_ledger (sequence, migration, event, direction) "
           "VALUES (1000, '0001_orders', 'rolled_back', 'down')");
    CHECK(states(folder) != shown);
    change("CREATE TABLE _birdhouse_lock (owner String) ENGINE = MergeTree ORDER BY tuple()");
    CHECK(query(folder.path(), "DROP TABLE _birdhouse_lock SYNC").empty());
    states(folder);
    change("TRUNCATE TABLE _birdhouse_ledger");
    states(folder);
    change("DROP TABLE _birdhouse_ledger SYNC");
}

TEST_CASE("a copy of the ledger that is cut or damaged does not count") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    const std::string shown = apply_first(folder);
    REQUIRE(copy_in(folder).read());
    const std::filesystem::path file = copy_file(folder);
    const std::string whole = *read_file(file);
    for (const std::string& damaged :
         {whole.substr(0, whole.size() - 10), whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1),
          std::string("no copy\n"), std::string()}) {
        std::ofstream(file, std::ios::binary) << damaged;
        CHECK_FALSE(copy_in(folder).read());
        CHECK(states(folder) == shown);
    }
    std::filesystem::remove(file);
    CHECK(states(folder) == shown);
    CHECK(copy_in(folder).read());
}
