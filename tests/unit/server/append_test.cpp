#include "net/http_server.hpp"
#include "served.hpp"
#include "server/append_request.hpp"
#include "support/engine_library.hpp"

#include <thread>

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
    CHECK(append(served, "name=snapshots&mode=append", "rows.csv", "x,not a date,y\n").status == 403);
    // A body without a name is told by what it begins with.
    CHECK(served.post("/v0/datasources?name=events&mode=append", "e,2026-01-01 10:00:00,1\n")
              .json()["successful_rows"] == 1);
    CHECK(served.post("/v0/datasources?name=events&mode=append", R"({"id":"f","at":"2026-01-01 10:00:00"})")
              .json()["successful_rows"] == 1);
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

TEST_CASE("rows of a condition are replaced, and others stay") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    REQUIRE(append(served, "name=events&mode=append", "a.csv",
                   "a,2026-01-01 10:00:00,1\nb,2026-01-02 10:00:00,2\n")
                .status == 200);
    const std::string first_day = "&replace_condition=toDate(at)%3D'2026-01-01'";
    const std::string rows = "c,2026-01-01 11:00:00,3\nd,2026-01-03 11:00:00,4\n"; // `d` is not of that day
    REQUIRE(append(served, "name=events&mode=replace" + first_day, "c.csv", rows).status == 200);
    CHECK(served.rows("SELECT id FROM events ORDER BY id") == Json::parse(R"([{"id":"b"},{"id":"c"}])"));
    CHECK(append(served, "name=events&mode=append" + first_day, "c.csv", rows).status == 400);
    const std::string other_table = "&replace_condition=1%20IN%20(SELECT%201%20FROM%20system.one)";
    CHECK(append(served, "name=events&mode=replace" + other_table, "c.csv", rows).status == 400);
    CHECK(append(served, "name=events&mode=replace&replace_condition=nothing%3D1", "c.csv", rows).status >=
          400);
    CHECK(served.rows("SELECT id FROM events ORDER BY id") == Json::parse(R"([{"id":"b"},{"id":"c"}])"));
}

TEST_CASE("rows of CSV that do not fit are put aside, and the others stored") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    std::string csv = "id,at,cost\n";
    for (int row = 0; row < 20; ++row) {
        csv += row == 7    ? "\"x, \"\"7\"\"\",never,dear\n"
               : row == 13 ? "x13,2026-01-01 10:00:00,1,too,many\n"
                           : "r" + std::to_string(row) + ",2026-01-01 10:00:00,1\n";
    }
    const Asked asked = append(served, "name=events&mode=append", "rows.csv", csv);
    REQUIRE(asked.status == 200);
    CHECK(asked.json()["quarantine_rows"].get<int>() >= 1);
    CHECK(asked.json()["error"].get<std::string>().find("There was an error with file contents: ") == 0);
    CHECK(served.rows("SELECT c__error_column, c__error, id, at FROM events_quarantine WHERE at = 'never'") ==
          Json::parse(R"([{"c__error_column":["at","cost"],
                           "c__error":["value 'never' on column 'at' is not DateTime",
                                       "value 'dear' on column 'cost' is not Float64"],
                           "id":"x, \"7\"","at":"never"}])"));
    CHECK(served.rows("SELECT count() AS n FROM events WHERE id LIKE 'r%'") == Json::parse(R"([{"n":18}])"));
    // A datasource that takes no events has no place to put rows aside.
    CHECK(append(served, "name=hourly&mode=append", "rows.csv", "never,1\n").status == 400);
}

TEST_CASE("an empty field of CSV is NULL or a text, and in other columns puts its row aside") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served
                .send("/v1/build", {{"datasources/rows.datasource",
                                     "SCHEMA >\n"
                                     "    `id` String `json:$.id` DEFAULT 'none',\n"
                                     "    `level` Float32 `json:$.level` DEFAULT 7,\n"
                                     "    `count` UInt32 `json:$.count` DEFAULT 7,\n"
                                     "    `price` Nullable(Decimal(9, 2)) `json:$.price` DEFAULT 7,\n"
                                     "    `last` Int64 `json:$.last` DEFAULT 7\n\n"
                                     "ENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"id\"\n"}})
                .status == 200);
    const Asked asked =
        append(served, "name=rows&mode=append", "rows.csv",
               "a,1,1,1,1\n,1,1,,1\nb,,1,1,1\nc,1,,1,1\nd,1,1,\"\",1\ne,1,1,1,\nf,1,1,\\N\n\n");
    CHECK(asked.json()["error"] == "There was an error with file contents: 4 rows in quarantine.");
    CHECK(served.rows("SELECT * FROM rows ORDER BY id") ==
          Json::parse(R"([{"id":"","level":1,"count":1,"price":null,"last":1},
                          {"id":"a","level":1,"count":1,"price":1,"last":1},
                          {"id":"f","level":1,"count":1,"price":null,"last":7}])"));
    CHECK(served.rows("SELECT id, c__error[1] AS error FROM rows_quarantine ORDER BY id") ==
          Json::parse(R"json([{"id":"b","error":"value '' on column 'level' is not Float32"},
                              {"id":"c","error":"value '' on column 'count' is not UInt32"},
                              {"id":"d","error":"value '' on column 'price' is not Nullable(Decimal(9, 2))"},
                              {"id":"e","error":"value '' on column 'last' is not Int64"}])json"));
    // A replacement is whole or refused; with a header as without.
    const Asked refused = append(served, "name=rows&mode=replace", "rows.csv", "count,id\n1,a\n,b\n");
    CHECK(refused.status == 400);
    CHECK(refused.json()["error"] == "value '' on column 'count' is not UInt32");
    CHECK(append(served, "name=rows&mode=append", "rows.csv", "count,id\n,g\n").json()["quarantine_rows"] ==
          1);
    CHECK(served.rows("SELECT count() AS n FROM rows") == Json::parse(R"([{"n":3}])"));
}

TEST_CASE("CSV is read by the delimiter that the request names") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const std::string query = "name=events&mode=append&dialect_delimiter=";
    CHECK(append(served, query + "%3B", "a.csv", "at;id;cost\n2026-01-01 10:00:00;a;1\n")
              .json()["successful_rows"] == 1);
    CHECK(append(served, query + "%09", "a.csv", "b\t2026-01-01 10:00:00\t2\n").json()["successful_rows"] ==
          1);
    CHECK(served.rows("SELECT id, cost FROM events ORDER BY id") ==
          Json::parse(R"([{"id":"a","cost":1},{"id":"b","cost":2}])"));
    CHECK(append(served, query + "'", "a.csv", "x\n").status == 400);
    CHECK(append(served, query + "ab", "a.csv", "x\n").status == 400);
    CHECK(append(served, "name=events&mode=append&dialect_escapechar=%5C", "a.csv", "x\n").status == 400);
    CHECK(append(served, "name=events&mode=append&dialect_new_line=x", "a.csv", "x\n").status == 400);
}

TEST_CASE("rows are fetched from an address, by a server of this machine alone") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    net::HttpServer files([](const net::HttpRequest& asked) {
        return asked.path == "/rows.csv" ? net::HttpResponse{200, "text/csv", "a,2026-01-01 10:00:00,1\n", {}}
                                         : net::HttpResponse{404, "text/plain", "no such file", {}};
    });
    const Result<std::uint16_t> port = files.bind("127.0.0.1", 0);
    REQUIRE(port.ok());
    std::thread answering([&] { files.run(); });
    const std::string address = "http%3A//127.0.0.1:" + std::to_string(*port);
    const Json job =
        served.post("/v0/datasources?name=events&mode=append&url=" + address + "/rows.csv").json();
    const Asked absent =
        served.post("/v1/datasources/events/append?url=" + address + "/other.csv%3Fkey=secret");
    files.stop();
    answering.join();
    CHECK(job["successful_rows"] == 1);
    CHECK(served.get("/v0/jobs/" + job["job_id"].get<std::string>()).json()["kind"] == "import");
    CHECK(absent.status == 400);
    CHECK(absent.json()["error"].get<std::string>().find("answered 404") != std::string::npos);
    CHECK(absent.body.find("secret") == std::string::npos);
    CHECK(served.post("/v0/datasources?name=events&mode=append&url=file:///etc/hostname").status == 400);
}

TEST_CASE("security: a server that others reach fetches no address") {
    server::EnginePool none(
        [](server::EngineUse) -> Result<std::unique_ptr<target::SqlChannel>> {
            return Error{ExitCode::Failed, "no engine", ""};
        },
        1);
    server::ServerOptions options;
    options.tells_tokens = false;
    server::Core core(none, options, [] { return std::chrono::system_clock::now(); });
    net::HttpRequest request;
    request.query = {{"url", "http://127.0.0.1/rows.csv"}};
    const auto read = server::read_append({request, {}, core, nullptr, server::Access({}), false}, "append");
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().text == "imports from an address are served on loopback only: send the file itself");
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
