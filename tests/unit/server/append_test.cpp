#include "served.hpp"
#include "support/engine_library.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

Asked append(Served& served, const std::string& query, const std::string& filename,
             const std::string& content) {
    return served.ask("POST", "/v0/datasources?" + query, "", served.admin(), {},
                      {{"csv", filename, content}});
}

} // namespace

TEST_CASE("files are appended by the format of their name, whatever their part is called") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const Asked csv =
        append(served, "name=events&mode=append", "rows.csv", "id,at,cost\na,2026-01-01 10:00:00,1\n");
    CHECK(csv.status == 200);
    CHECK(csv.json()["error"] == false);
    CHECK(csv.json()["successful_rows"] == 1);
    CHECK(csv.json()["datasource"]["name"] == "events");
    CHECK(append(served, "name=events&mode=append", "rows.csv", "b,2026-01-01 10:00:00\n")
              .json()["successful_rows"] == 1);
    const Asked ndjson = append(served, "name=events&mode=append&format=ndjson", "rows.ndjson",
                                "{\"id\":\"c\",\"at\":\"2026-01-01 10:00:00\"}\n{\"id\":\"d\"}\n");
    CHECK(ndjson.json()["error"] == "There was an error with file contents: 1 row in quarantine.");
    CHECK(served.rows("SELECT groupArray(id) AS ids FROM (SELECT id FROM events ORDER BY id)") ==
          Json::parse(R"([{"ids":["a","b","c"]}])"));
    CHECK(append(served, "name=nowhere&mode=append", "rows.csv", "a\n").status == 403);
    CHECK(append(served, "name=events&mode=append", "rows.csv", "x,not a date,y\n").status == 400);
    CHECK(append(served, "name=events&mode=append&url=http://127.0.0.1/x", "rows.csv", "").status == 400);
}

TEST_CASE("a replaced datasource has the new rows only") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    REQUIRE(append(served, "name=events&mode=append", "a.csv", "a,2026-01-01 10:00:00,1\n").status == 200);
    REQUIRE(append(served, "name=events&mode=replace", "b.csv", "b,2026-01-01 10:00:00,2\n").status == 200);
    CHECK(served.rows("SELECT id FROM events") == Json::parse(R"([{"id":"b"}])"));
    CHECK(append(served, "name=events&mode=replace", "c.csv", "c,never,2\n").status == 400);
    CHECK(served.rows("SELECT id FROM events") == Json::parse(R"([{"id":"b"}])"));
    // events go on into the table that took the place
    REQUIRE(
        served.post("/v0/events?name=events&wait=true", R"({"id":"d","at":"2026-01-01 10:00:00"})").status ==
        200);
    CHECK(served.rows("SELECT count() AS n FROM events") == Json::parse(R"([{"n":2}])"));
}

TEST_CASE("rows are deleted by a condition over their own table alone") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    REQUIRE(append(served, "name=events&mode=append", "a.csv",
                   "a,2026-01-01 10:00:00,1\nb,2026-01-01 10:00:00,2\n")
                .status == 200);
    CHECK(served.post("/v0/datasources/events/delete?dry_run=true&delete_condition=id%3D'a'")
              .json()["rows_to_be_deleted"] == 1);
    const Json job = served.post("/v0/datasources/events/delete?delete_condition=id%3D'a'").json();
    CHECK(served.get("/v0/jobs/" + job["job_id"].get<std::string>()).json()["status"] == "done");
    CHECK(served.rows("SELECT id FROM events") == Json::parse(R"([{"id":"b"}])"));
    for (const char* condition : {"1%20IN%20(SELECT%201%20FROM%20system.one)", "1)%20OR%20(1",
                                  "file('/etc/hostname')%20%3D%20''", "1%3B%20DROP%20TABLE%20hourly", ""}) {
        INFO(condition);
        CHECK(
            served.post("/v0/datasources/events/delete?delete_condition=" + std::string(condition)).status ==
            400);
    }
    CHECK(served.post("/v0/datasources/events/truncate").status == 200);
    CHECK(served.rows("SELECT count() AS n FROM events") == Json::parse(R"([{"n":0}])"));
    CHECK(served.post("/v0/datasources/events_quarantine/truncate").status == 404); // not made yet
    CHECK(served.post("/v0/datasources/nowhere/truncate").status == 404);
}
