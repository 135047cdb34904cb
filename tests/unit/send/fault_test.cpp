// A workspace that misbehaves at random: nothing is lost, and what came twice was asked to be sent twice.
#include "world.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <set>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

constexpr std::size_t kRows = 120;

constexpr std::array kFaults{Fault::DropBefore, Fault::DropAfter,   Fault::CutHead,   Fault::CutBody,
                             Fault::TooMany,    Fault::TooManyBare, Fault::Busy,      Fault::FailBefore,
                             Fault::FailAfter,  Fault::Partly,      Fault::DropBefore};

// Every third request misbehaves.
FaultProxy::Choose at_random(unsigned seed) {
    return [random = std::minstd_rand(seed)](std::size_t) mutable {
        const bool fails = random() % 3 == 0;
        return fails ? kFaults[random() % kFaults.size()] : Fault::None;
    };
}

// The rows' numbers: in these inputs a line's number is one more.
void add_rows(std::set<std::size_t>& rows, const std::vector<ops::UnknownBatch>& unknown) {
    for (const ops::UnknownBatch& one : unknown) {
        for (std::uint64_t line = one.batch.from.line; line < one.batch.to.line; ++line) {
            rows.insert(line);
        }
    }
}

// Runs until one comes to its end; every row of which nobody knew is in `listed`.
ops::TinybirdSendReport send_to_the_end(SendWorld& world, std::set<std::size_t>& listed) {
    constexpr int kMostRuns = 60;
    for (int run = 0;; ++run) {
        auto report = world.send();
        REQUIRE(report);
        add_rows(listed, report->unknown);
        if (!report->failure) {
            return std::move(report).value();
        }
        REQUIRE(run < kMostRuns);
    }
}

} // namespace

TEST_CASE("nothing is lost, nothing comes twice, and what is not known is listed") {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        SendWorld world(at_random(seed));
        CAPTURE(seed);
        world.write("a.ndjson", rows_from(0, kRows));
        world.options.batch_rows = 1 + seed % 17;
        std::set<std::size_t> listed;
        send_to_the_end(world, listed);
        for (std::size_t id = 0; id < kRows; ++id) {
            CAPTURE(id);
            REQUIRE(times(world.workspace, id) <= 1);
            REQUIRE((times(world.workspace, id) == 1 || listed.contains(id)));
        }
        world.options.resend_unknown = true;
        for (int run = 0; !send_to_the_end(world, listed).unknown.empty(); ++run) {
            REQUIRE(run < 60);
        }
        for (std::size_t id = 0; id < kRows; ++id) {
            CAPTURE(id);
            REQUIRE(times(world.workspace, id) >= 1);
            REQUIRE((times(world.workspace, id) == 1 || listed.contains(id)));
        }
    }
}

TEST_CASE("each fault has its own end") {
    struct Row {
        Fault fault;
        std::size_t came; // of one batch of ten rows, in a run with this fault first
        std::size_t unknown;
        std::size_t requests;
    };
    for (const Row& row :
         {Row{Fault::None, 10, 0, 1}, Row{Fault::DropBefore, 0, 1, 1}, Row{Fault::DropAfter, 10, 1, 1},
          Row{Fault::NoAnswer, 10, 1, 1}, Row{Fault::CutHead, 10, 1, 1}, Row{Fault::CutBody, 10, 0, 1},
          Row{Fault::TooMany, 10, 0, 2}, Row{Fault::TooManyBare, 10, 0, 2}, Row{Fault::Busy, 10, 0, 2},
          Row{Fault::FailBefore, 0, 1, 1}, Row{Fault::FailAfter, 10, 1, 1}, Row{Fault::Partly, 10, 1, 1}}) {
        CAPTURE(static_cast<int>(row.fault));
        SendWorld world([&](std::size_t request) { return request == 0 ? row.fault : Fault::None; });
        world.write("a.ndjson", rows_from(0, 10));
        if (row.fault == Fault::NoAnswer) {
            world.options.call.timeout = std::chrono::milliseconds(100);
        }
        const auto report = world.send();
        REQUIRE(report);
        CHECK(world.workspace.rows().size() == row.came);
        CHECK(report->unknown.size() == row.unknown);
        CHECK(world.proxy.requests() == row.requests);
        CHECK_FALSE(report->failure);
        CHECK(report->counts.rows == (row.unknown == 0 ? 10 : 0));
        CHECK(report->counts.uncounted == (row.fault == Fault::CutBody ? 10 : 0));
        CHECK(report->exit_code(false) == (row.unknown == 0 ? ExitCode::Fine : ExitCode::Partial));
    }
}

TEST_CASE("a connection that is closed without an answer does not make the client send once more") {
    // The second request uses the open connection of the first.
    SendWorld world([](std::size_t request) { return request == 1 ? Fault::DropAfter : Fault::None; });
    world.write("a.ndjson", rows_from(0, 30));
    const auto report = world.send();
    REQUIRE(report);
    CHECK(world.proxy.requests() == 3);
    REQUIRE(report->unknown.size() == 1);
    CHECK(report->unknown.front().batch.from.line == 10);
    for (std::size_t id = 0; id < 30; ++id) {
        CHECK(times(world.workspace, id) == 1);
    }
}

TEST_CASE("a workspace that answers nothing ends the run after three batches, and the next one goes on") {
    bool well = false;
    SendWorld world([&](std::size_t) { return well ? Fault::None : Fault::DropBefore; });
    world.write("a.ndjson", rows_from(0, 100));
    const auto broken = world.send();
    REQUIRE(broken);
    REQUIRE(broken->failure);
    CHECK(broken->exit_code(false) == ExitCode::Failed);
    CHECK(broken->unknown.size() == 3);
    CHECK(world.proxy.requests() == 3);
    well = true;
    const auto mended = world.send();
    REQUIRE(mended);
    CHECK_FALSE(mended->failure);
    CHECK(mended->counts.rows == 70);
    world.options.resend_unknown = true;
    const auto resent = world.send();
    REQUIRE(resent);
    CHECK(resent->unknown.empty());
    CHECK(resent->exit_code(false) == ExitCode::Fine);
    CHECK(world.workspace.rows().size() == 100);
}

TEST_CASE("a request that is too large is sent in halves, and a row that is too large is kept") {
    const std::string long_row = "{\"id\":500,\"kind\":\"" + std::string(300, 'k') + "\"}\n";
    SendWorld world([](std::size_t) { return Fault::None; }, 120);
    world.write("a.ndjson", rows_from(0, 25) + long_row + rows_from(25, 5));
    world.options.batch_rows = 100;
    const auto report = world.send();
    REQUIRE(report);
    CHECK_FALSE(report->failure);
    CHECK(world.workspace.rows().size() == 30);
    CHECK(report->counts.too_large == 1);
    CHECK(report->exit_code(false) == ExitCode::Problems);
    const std::string kept = read_text(report->dead_letter);
    CHECK(kept.starts_with("{\"line\":26,\"errors\":[{\"code\":\"E022\""));
    const auto again = world.send();
    REQUIRE(again);
    CHECK(again->counts.batches == 0);
    for (std::size_t id = 0; id < 30; ++id) {
        CHECK(times(world.workspace, id) == 1);
    }
}
