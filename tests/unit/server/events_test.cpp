#include "served.hpp"
#include "support/engine_library.hpp"
#include "support/packed.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

const std::string kGood = R"({"id":"a","at":"2026-01-01 10:00:00","cost":1.5})";
const std::string kBad = R"({"id":"b","at":"2026-01-01 10:00:00","cost":"much"})";

} // namespace

TEST_CASE("events are stored or put aside, row by row, and the answer counts both") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const Asked waited =
        served.post("/v0/events?name=events&wait=true", kGood + "\n\n" + kBad + "\n" + kGood);
    CHECK(waited.status == 200);
    CHECK(waited.content_type == "application/json");
    CHECK(waited.body == R"({"successful_rows":2,"quarantined_rows":1})");
    CHECK(served.post("/v0/events?name=events", kGood).status == 202);
    CHECK(served.rows("SELECT count() AS n, sum(cost) AS cost FROM events") ==
          Json::parse(R"([{"n":3,"cost":4.5}])"));
    CHECK(served.rows("SELECT id, cost, c__error_column[1] AS c FROM events_quarantine") ==
          Json::parse(R"([{"id":"b","cost":"much","c":"cost"}])"));
    CHECK(served.get("/v0/datasources/events").json()["quarantine_rows"] == 1);
    // the materialised view saw what was stored
    CHECK(served.get("/v0/pipes/spend.json").json()["data"] ==
          Json::parse(R"([{"hour":"2026-01-01 10:00:00","spend":4.5}])"));
}

TEST_CASE("a line that is no event refuses its whole request, and nothing of it is written") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const Asked refused = served.post("/v0/events?name=events", kGood + "\nnot json\n" + kBad);
    CHECK(refused.status == 400);
    CHECK(refused.json()["error"].get<std::string>().find("invalid JSON in line 2: ") == 0);
    CHECK(served.rows("SELECT count() AS n FROM events") == Json::parse(R"([{"n":0}])"));
}

TEST_CASE("a document over several lines is one event when the format says so") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const std::string document = "{\n  \"id\": \"a\",\n  \"at\": \"2026-01-01 10:00:00\"\n}\n";
    CHECK(served.post("/v0/events?name=events&format=json&wait=true", document).body ==
          R"({"successful_rows":1,"quarantined_rows":0})");
    CHECK(served.post("/v0/events?name=events&format=csv", kGood).status == 400);
}

TEST_CASE("packed bodies are unpacked, and damaged ones refused") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    for (const std::string& packed : {gzipped(kGood), zstd_packed(kGood)}) {
        CHECK(served.post("/v0/events?name=events&wait=true", packed).body ==
              R"({"successful_rows":1,"quarantined_rows":0})");
        CHECK(served.post("/v0/events?name=events&wait=true", packed.substr(0, packed.size() - 4)).status ==
              400);
    }
}

TEST_CASE("who may append to what is asked before anything is read") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const std::string tracker = served.get("/v0/tokens/tracker").json()["token"];
    CHECK(served.ask("POST", "/v0/events?name=events", kGood, tracker).status == 202);
    CHECK(served.ask("POST", "/v0/events?name=hourly", kGood, tracker).status == 403);
    CHECK(served.get_as(tracker, "/v0/sql?q=SELECT+count()+FROM+events").status == 403);
    CHECK(served.ask("POST", "/v0/events?name=events&token=" + tracker, kGood, "").status == 202);
    CHECK(served.post("/v0/events?name=nowhere", kGood).status == 404);
    CHECK(served.post("/v0/events?name=hourly", kGood).status == 400);
    CHECK(served.post("/v0/events", kGood).status == 400);
}
