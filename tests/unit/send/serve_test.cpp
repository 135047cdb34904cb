// `send` to a served workspace through a network that misbehaves at random: nothing is lost, and what is
// stored twice was asked to be sent twice.
#include "../server/served.hpp"
#include "support/engine_library.hpp"
#include "world.hpp"

#include <array>
#include <random>
#include <set>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

constexpr std::size_t kRows = 200;
constexpr std::array kFaults{Fault::DropBefore,  Fault::DropAfter, Fault::CutHead,    Fault::CutBody,
                             Fault::TooMany,     Fault::Busy,      Fault::FailBefore, Fault::FailAfter,
                             Fault::TooManyBare, Fault::Partly};

// A workspace with the datasource of `SendWorld`, behind a proxy.
struct ServedWorld {
    ServedWorld(const std::shared_ptr<engine::Library>& library, unsigned seed)
        : served(library), schema(compiled(parse_event_case("case", SendWorld::kDeclaration))),
          proxy([this](const net::HttpRequest& request) { return served.server().handle(request); },
                [random = std::minstd_rand(seed)](std::size_t) mutable {
                    const bool fails = random() % 3 == 0;
                    return fails ? kFaults[random() % kFaults.size()] : Fault::None;
                }) {
        REQUIRE(served
                    .send("/v1/build", {{"datasources/visits.datasource",
                                         "SCHEMA >\n    `id` UInt32 `json:$.id`,\n"
                                         "    `kind` String `json:$.kind` DEFAULT 'page'\n\n"
                                         "ENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"id\"\n"}})
                    .status == 200);
        std::ofstream(folder.path() / "a.ndjson") << rows_from(0, kRows);
        options.target = "cloud";
        options.batch_rows = 1 + seed % 17;
        options.input.files = {(folder.path() / "a.ndjson").string()};
    }

    // Runs until one comes to its end. Lines of which nobody knew are in `listed` by their rows' numbers.
    bool send_to_the_end() {
        for (int run = 0; run < 60; ++run) {
            QuietSession session({}, folder.path());
            session.get().network = &network;
            const auto report = ops::send_to_tinybird(schema, {proxy.url(), served.admin(), "TB_TOKEN"},
                                                      options, session.get());
            REQUIRE(report);
            for (const ops::UnknownBatch& one : report->unknown) {
                for (std::uint64_t line = one.batch.from.line; line < one.batch.to.line; ++line) {
                    listed.insert(line);
                }
            }
            if (!report->failure) {
                return report->unknown.empty();
            }
        }
        FAIL("no run came to its end");
        return false;
    }

    // How often each row is stored.
    std::map<std::size_t, std::size_t> stored() {
        std::map<std::size_t, std::size_t> counts;
        for (const Json& row : served.rows("SELECT id, count() AS n FROM visits GROUP BY id")) {
            counts[row["id"]] = row["n"];
        }
        return counts;
    }

    TemporaryFolder folder;
    Served served;
    events::EventSchema schema;
    QuickNetwork network;
    FaultProxy proxy;
    ops::TinybirdSendOptions options;
    std::set<std::size_t> listed;
};

} // namespace

TEST_CASE("a served workspace loses nothing that is sent to it, and has twice only what was listed") {
    REQUIRE_ENGINE(library);
    for (const unsigned seed : {3U, 7U, 12U}) {
        CAPTURE(seed);
        ServedWorld world(library, seed);
        world.send_to_the_end();
        std::map<std::size_t, std::size_t> stored = world.stored();
        CHECK(!world.listed.empty()); // else the network did not misbehave
        for (std::size_t id = 0; id < kRows; ++id) {
            CAPTURE(id);
            REQUIRE(stored[id] <= 1);
            REQUIRE((stored[id] == 1 || world.listed.contains(id)));
        }
        world.options.resend_unknown = true;
        for (int run = 0; !world.send_to_the_end(); ++run) {
            REQUIRE(run < 60);
        }
        stored = world.stored();
        for (std::size_t id = 0; id < kRows; ++id) {
            CAPTURE(id);
            REQUIRE(stored[id] >= 1);
            REQUIRE((stored[id] == 1 || world.listed.contains(id)));
        }
    }
}
