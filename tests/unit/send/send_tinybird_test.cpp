// Where a run goes on: files that grow, are rotated, packed, changed; standard input; files that are
// followed.
#include "base/text.hpp"
#include "events/deflate.hpp"
#include "ops/event_report.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;
namespace fs = std::filesystem;

namespace {

std::uint64_t sent_rows(SendWorld& world, const std::string& input = {}) {
    const auto report = world.send(input);
    REQUIRE(report);
    INFO((report->failure ? report->failure->message : ""));
    CHECK_FALSE(report->failure);
    return report->counts.rows;
}

void check_once(const SendWorld& world, std::size_t count) {
    CHECK(world.workspace.rows().size() == count);
    for (std::size_t id = 0; id < count; ++id) {
        CAPTURE(id);
        CHECK(times(world.workspace, id) == 1);
    }
}

} // namespace

TEST_CASE("good rows are posted as they are, and refused ones are kept") {
    SendWorld world;
    world.write("a.ndjson", "{\"id\":1, \"other\":[1]}\n\n{\"id\":-1}\nno event\n{\"id\":2}");
    const auto report = world.send();
    REQUIRE(report);
    CHECK(report->exit_code(false) == ExitCode::Problems);
    CHECK(world.workspace.rows() ==
          std::map<std::string, std::size_t>{{"{\"id\":1, \"other\":[1]}", 1}, {"{\"id\":2}", 1}});
    const std::string text = ops::render_text(*report, world.schema);
    CHECK(text.find("visits: 4 rows: 2 accepted, 1 quarantined, 1 not an event\n") == 0);
    CHECK(text.find("\nstored 2 rows in visits at " + world.proxy.url() + ", by 1 request\n") !=
          std::string::npos);
    CHECK(text.find("secret") == std::string::npos);
    CHECK(fs::exists(report->dead_letter));
    CHECK((fs::status(report->journal).permissions() & fs::perms::others_read) == fs::perms::none);
}

TEST_CASE("of a file that has grown only what is new is sent") {
    SendWorld world;
    world.write("a.ndjson", rows_from(0, 15));
    CHECK(sent_rows(world) == 15);
    CHECK(sent_rows(world) == 0);
    world.append("a.ndjson", rows_from(15, 3));
    CHECK(sent_rows(world) == 3);
    check_once(world, 18);
    world.options.again = true;
    CHECK(sent_rows(world) == 18);
}

TEST_CASE("a line that is still being written is left to the next run") {
    SendWorld world;
    world.write("a.ndjson", rows_from(0, 2) + "{\"id\":");
    const auto report = world.send();
    REQUIRE(report);
    CHECK(report->counts.rows == 2);
    CHECK(report->notes == std::vector<std::string>{world.path("a.ndjson") +
                                                    ":3: the last line has no end and is no event yet: it is "
                                                    "left to the next run"});
    CHECK(report->events.tally.refused() == 0);
    world.append("a.ndjson", "2}\n");
    CHECK(sent_rows(world) == 1);
    check_once(world, 3);
}

TEST_CASE("a log that is renamed, and one that is packed, are known again") {
    SendWorld world;
    world.write("app.log", rows_from(0, 12));
    world.options.input.files = {world.path("app.log*")};
    CHECK(sent_rows(world) == 12);
    world.append("app.log", rows_from(12, 2));
    fs::rename(world.path("app.log"), world.path("app.log.1"));
    world.write("app.log", rows_from(14, 4));
    CHECK(sent_rows(world) == 6);
    world.write("app.log.2.gz", *events::deflate(events::Packing::Gzip, read_text(world.path("app.log.1"))));
    fs::rename(world.path("app.log"), world.path("app.log.1"));
    world.write("app.log", rows_from(18, 1));
    CHECK(sent_rows(world) == 1);
    check_once(world, 19);
}

TEST_CASE("a copy is another file, and so is one that was written anew") {
    SendWorld world;
    world.write("a.ndjson", rows_from(0, 5));
    CHECK(sent_rows(world) == 5);
    fs::copy_file(world.path("a.ndjson"), world.path("b.ndjson"));
    world.options.input.files = {world.path("b.ndjson")};
    CHECK(sent_rows(world) == 5);
    world.options.input.files = {world.path("a.ndjson")};
    world.write("a.ndjson", rows_from(100, 6)); // the same inode
    CHECK(sent_rows(world) == 6);
    world.write("a.ndjson", rows_from(100, 6) + rows_from(0, 1));
    CHECK(sent_rows(world) == 1);
    // The head is the same, and what was sent is not.
    world.write("a.ndjson", rows_from(100, 3) + rows_from(200, 6));
    const auto changed = world.send();
    REQUIRE(changed);
    CHECK(changed->counts.rows == 9);
}

TEST_CASE("gzip, zstd and arrays are sent as rows, and gone on with") {
    for (const events::Packing packing :
         {events::Packing::None, events::Packing::Gzip, events::Packing::Zstd}) {
        for (const bool array : {false, true}) {
            std::string text = rows_from(0, 30);
            if (array) {
                text = "[\n" + replace_all(rows_from(0, 29), "\n", ",\n") + "{\n  \"id\":\n29}\n]\n";
            }
            CAPTURE(static_cast<int>(packing), array);
            // The run is broken off behind the first batch.
            std::size_t requests = 0;
            SendWorld world([&](std::size_t) { return ++requests == 2 ? Fault::FailBefore : Fault::None; });
            world.write("a.ndjson", *events::deflate(packing, text));
            world.options.call.packing = packing;
            const auto report = world.send();
            REQUIRE(report);
            CHECK(report->unknown.size() == 1);
            CHECK(world.workspace.rows().size() == 20);
            world.options.resend_unknown = true;
            CHECK(sent_rows(world) == 10);
            CHECK(world.workspace.rows().size() == 30);
            CHECK(sent_rows(world) == 0);
        }
    }
}

TEST_CASE("standard input is sent whole, and gone on with when that is asked for") {
    bool well = true;
    SendWorld world(
        [&](std::size_t request) { return request == 1 && !well ? Fault::DropBefore : Fault::None; });
    world.options.input.files = {};
    CHECK(sent_rows(world, rows_from(0, 5)) == 5);
    CHECK(sent_rows(world, rows_from(0, 5)) == 5);
    world.options.resume = true;
    CHECK(sent_rows(world, rows_from(0, 5)) == 0);
    CHECK(sent_rows(world, rows_from(0, 8)) == 3);
    const auto other = world.send(rows_from(7, 8));
    REQUIRE(other);
    REQUIRE(other->failure);
    CHECK(other->failure->message == "standard input does not begin with what was sent of it before");
}

TEST_CASE("what the workspace quarantines is told") {
    SendWorld world;
    FaultProxy strict(
        [](const net::HttpRequest&) {
            return net::HttpResponse{
                200, "application/json", R"({"successful_rows":3,"quarantined_rows":2})", {}};
        },
        [](std::size_t) { return Fault::None; });
    world.write("a.ndjson", rows_from(0, 5));
    QuietSession session("", world.folder.path());
    session.get().network = &world.network;
    const auto report =
        ops::send_to_tinybird(world.schema, {strict.url(), "p.t", "TB_TOKEN"}, world.options, session.get());
    REQUIRE(report);
    CHECK(report->exit_code(false) == ExitCode::Problems);
    CHECK(ops::render_text(*report, world.schema)
              .find("the workspace counts 3 as stored and 2 as quarantined, and this check took all: is its "
                    "schema another one? see visits_quarantine there\n") != std::string::npos);
}

TEST_CASE("what the workspace refuses ends the run, without the token, and the next one goes on") {
    int status = 403;
    SendWorld world;
    FaultProxy refusing(
        [&](const net::HttpRequest& request) {
            const std::string token = net::find(request.headers, "authorization").value_or("");
            net::HttpResponse response = world.workspace.take(request);
            if (status != 200) {
                response.status = status;
                response.body = "{\"error\": \"no such token:\\n" + token + "\"}";
            }
            return response;
        },
        [](std::size_t) { return Fault::None; });
    world.write("a.ndjson", rows_from(0, 5));
    const auto send = [&] {
        QuietSession session("", world.folder.path());
        session.get().network = &world.network;
        return ops::send_to_tinybird(world.schema, {refusing.url(), "p.secret", "TB_TOKEN"}, world.options,
                                     session.get());
    };
    const auto refused = send();
    REQUIRE(refused);
    REQUIRE(refused->failure);
    CHECK(refused->failure->message == "the workspace took no more rows: 403: no such token:\\nBearer ***");
    CHECK(refused->unknown.empty());
    status = 200;
    const auto taken = send();
    REQUIRE(taken);
    CHECK(taken->counts.rows == 5);
}

TEST_CASE("requests keep to the rate that is asked for, and to the one that the workspace leaves") {
    SendWorld world;
    world.write("a.ndjson", rows_from(0, 100));
    world.options.call.most_per_second = 4;
    const auto begun = world.network.now;
    CHECK(sent_rows(world) == 100);
    const auto spent = std::chrono::duration<double>(world.network.now - begun).count();
    CHECK(spent >= 9 * 0.25);
    CHECK(spent < 9 * 0.25 + 0.1);
}

TEST_CASE("no journal, no sending") {
    SendWorld world;
    world.write("a.ndjson", rows_from(0, 5));
    world.write(".birdhouse", "a file where the folder should be");
    const auto report = world.send();
    REQUIRE_FALSE(report);
    CHECK(report.error().message.starts_with("the journal `"));
    CHECK(world.proxy.requests() == 0);
}

TEST_CASE("a file that is followed: growing, rotated, shortened") {
    SendWorld world;
    world.options.follow = true;
    world.options.input.files = {world.path("app-*.log"), world.path("a.log")};
    int looks = 0;
    // Between two looks something happens to the files.
    const std::vector<std::pair<int, std::function<void()>>> story = {
        {1, [&] { world.write("a.log", rows_from(0, 25)); }},
        {3, [&] { CHECK(world.workspace.rows().size() == 20); }},
        {9, [&] { CHECK(world.workspace.rows().size() == 25); }},
        {10, [&] { world.append("a.log", "{\"id\":25}\n{\"id\":"); }},
        {18, [&] { CHECK(world.workspace.rows().size() == 26); }},
        {19, [&] { world.append("a.log", "26}\n"); }},
        {20,
         [&] {
             world.append("a.log", rows_from(27, 1));
             fs::rename(world.path("a.log"), world.path("a.log.1"));
             world.write("a.log", rows_from(28, 2));
         }},
        {30, [&] { CHECK(world.workspace.rows().size() == 30); }},
        {31, [&] { world.write("a.log", rows_from(30, 1)); }}, // shorter, and the same inode
        {40, [&] { CHECK(world.workspace.rows().size() == 31); }},
        {41, [&] { world.write("app-2.log", rows_from(31, 4)); }},
        {44, [&] { world.append("a.log", rows_from(35, 1)); }},
    };
    world.network.on_wait = [&](std::chrono::milliseconds) {
        ++looks;
        for (const auto& [at, happens] : story) {
            if (at == looks) {
                happens();
            }
        }
        return looks < 44;
    };
    const auto report = world.send();
    REQUIRE(report);
    INFO((report->failure ? report->failure->message : ""));
    CHECK_FALSE(report->failure);
    CHECK(report->exit_code(false) == ExitCode::Fine);
    // What was added at the very last look is for the next run.
    world.options.follow = false;
    world.network.on_wait = {};
    CHECK(sent_rows(world) == 1);
    check_once(world, 36);
}

TEST_CASE("a stop in the middle leaves the rest to the next run") {
    SendWorld world;
    world.write("a.ndjson", rows_from(0, 50));
    world.options.call.most_per_second = 1;
    int waits = 0;
    world.network.on_wait = [&](std::chrono::milliseconds) { return ++waits < 3; };
    const auto report = world.send();
    REQUIRE(report);
    REQUIRE(report->failure);
    CHECK(report->exit_code(false) == ExitCode::Partial);
    CHECK(report->unknown.empty());
    world.network.on_wait = {};
    CHECK(sent_rows(world) == 50 - report->counts.rows);
    check_once(world, 50);
}
