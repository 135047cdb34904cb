#include "ops/migration_progress.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using target::Direction;
using target::LedgerEntry;
using target::LedgerEvent;

namespace {

LedgerEntry entry(LedgerEvent event, std::uint32_t statement = 0, Direction direction = Direction::Up) {
    LedgerEntry made;
    made.migration = "0001_a";
    made.event = event;
    made.statement = statement;
    made.direction = direction;
    made.at = "2026-11-20 10:00:00.000000";
    return made;
}

} // namespace

TEST_CASE("an empty ledger knows nothing") { CHECK(ops::read_progress({}).empty()); }

TEST_CASE("a migration is applied only once its last row says so") {
    std::vector<LedgerEntry> entries{entry(LedgerEvent::Started), entry(LedgerEvent::Done)};
    ops::Progress progress = ops::read_progress(entries).at("0001_a");
    CHECK_FALSE(progress.applied);
    CHECK(progress.under_way());
    CHECK(progress.done == std::set<ops::Place>{{0, 0}});
    entries.push_back(entry(LedgerEvent::Applied));
    progress = ops::read_progress(entries).at("0001_a");
    CHECK(progress.applied);
    CHECK_FALSE(progress.under_way());
    CHECK(progress.applied_at == "2026-11-20 10:00:00.000000");
}

TEST_CASE("a statement that was started again is not done") {
    const std::vector<LedgerEntry> entries{entry(LedgerEvent::Started), entry(LedgerEvent::Done),
                                           entry(LedgerEvent::Started)};
    const ops::Progress progress = ops::read_progress(entries).at("0001_a");
    CHECK(progress.done.empty());
    CHECK(progress.started == std::set<ops::Place>{{0, 0}});
}

TEST_CASE("a failed statement was started and is not done") {
    const std::vector<LedgerEntry> entries{entry(LedgerEvent::Started, 2), entry(LedgerEvent::Failed, 2)};
    const ops::Progress progress = ops::read_progress(entries).at("0001_a");
    CHECK(progress.done.empty());
    CHECK(progress.under_way());
}

TEST_CASE("a rollback begins anew and ends with nothing applied") {
    std::vector<LedgerEntry> entries{entry(LedgerEvent::Started), entry(LedgerEvent::Done),
                                     entry(LedgerEvent::Applied),
                                     entry(LedgerEvent::Started, 0, Direction::Down)};
    ops::Progress progress = ops::read_progress(entries).at("0001_a");
    CHECK(progress.applied);
    CHECK(progress.under_way());
    CHECK(progress.direction == Direction::Down);
    entries.push_back(entry(LedgerEvent::Done, 0, Direction::Down));
    entries.push_back(entry(LedgerEvent::RolledBack, 0, Direction::Down));
    progress = ops::read_progress(entries).at("0001_a");
    CHECK_FALSE(progress.applied);
    CHECK_FALSE(progress.under_way());
}
