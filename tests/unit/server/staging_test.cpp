#include "served.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

const std::string kRow = R"({"id":"a","at":"2026-01-01 10:00:00","cost":1.5})";
const std::string kNoted = R"({"id":"b","at":"2026-01-01 11:00:00","cost":2,"note":"seen"})";
const std::string kStaging = "__tb__deployment=staging";

void replace_in(server::Datafile& file, const std::string& what, const std::string& by) {
    const std::size_t at = file.text.find(what);
    REQUIRE(at != std::string::npos);
    file.text.replace(at, what.size(), by);
}

// `events` has a column more and costs that are texts; `spend` counts.
std::vector<server::Datafile> next_project() {
    auto files = small_project();
    replace_in(file_of(files, "events.datasource"), "`cost` Float64 `json:$.cost` DEFAULT 0\n",
               "`cost` Decimal(18, 4) `json:$.cost` DEFAULT 0,\n"
               "    `note` String `json:$.note` DEFAULT 'none'\n");
    file_of(files, "events.datasource").text +=
        "\nFORWARD_QUERY >\n    SELECT id, at, toDecimal64(cost * 100, 4) AS cost, 'old' AS note\n";
    replace_in(file_of(files, "to_hourly.pipe"), "sum(cost)", "sum(toFloat64(cost))");
    replace_in(file_of(files, "spend.pipe"), "SELECT hour, sum", "SELECT count() AS hours, hour, sum");
    return files;
}

void go_live(Served& served) {
    REQUIRE(served.send("/v1/deploy?auto_promote=true", small_project()).status == 200);
    REQUIRE(served.post("/v0/events?name=events&wait=true", kRow).status == 200);
}

// Its id.
std::string stage(Served& served, const std::vector<server::Datafile>& files) {
    const Json answer = served.send("/v1/deploy", files).json();
    INFO(answer.dump());
    REQUIRE(answer["result"] == "success");
    CHECK(answer["deployment"]["status"] == "data_ready");
    CHECK(answer["deployment"]["live"] == false);
    return answer["deployment"]["id"];
}

Json rows(Served& served, const std::string& sql, const std::string& more = "") {
    const Asked asked =
        served.ask("POST", "/v0/sql" + more, sql, served.admin(), {{"content-type", "text/plain"}});
    return asked.status == 200 ? asked.json()["data"] : asked.json();
}

Json staged_rows(Served& served, const std::string& sql) { return rows(served, sql, "?" + kStaging); }

} // namespace

TEST_CASE(
    "a deployment that is not promoted is staging: live answers as before, and staging when it is asked") {
    REQUIRE_ENGINE(library);
    Served served(library);
    go_live(served);
    const Json made = served.send("/v1/deploy", next_project()).json();
    CHECK(
        made["deployment"]["data_movements"] ==
        Json::parse(
            R"([{"datasource_name":"events","kind":"backfill_with_forward_query","source_mv_name":null}])"));
    CHECK(rows(served, "SELECT * FROM events") ==
          Json::parse(R"([{"id":"a","at":"2026-01-01 10:00:00","cost":1.5}])"));
    CHECK(staged_rows(served, "SELECT id, cost, note FROM events") ==
          Json::parse(R"([{"id":"a","cost":150,"note":"old"}])"));
    CHECK_FALSE(served.get("/v0/pipes/spend.json").json()["data"][0].contains("hours"));
    CHECK(served.get("/v0/pipes/spend.json?" + kStaging).json()["data"][0]["hours"] == 1);
    CHECK(served.get("/v0/datasources/events").json()["columns"].size() == 3);
    CHECK(served.get("/v0/datasources/events?" + kStaging).json()["columns"].size() == 4);
    CHECK(served.get("/v0/datasources/events?" + kStaging).json()["statistics"]["row_count"] == 1);
    auto live = small_project();
    CHECK(served.get("/v0/pipes/spend.pipe").body == file_of(live, "spend.pipe").text);
    const Json listed = served.get("/v1/deployments").json()["deployments"];
    REQUIRE(listed.size() == 2);
    CHECK(listed[0]["live"] == true);
    CHECK(listed[1]["id"] == made["deployment"]["id"]);
}

TEST_CASE("what arrives while a deployment is staged is in both, each as its own schema has it") {
    REQUIRE_ENGINE(library);
    Served served(library);
    go_live(served);
    const std::string id = stage(served, next_project());
    CHECK(served.post("/v0/events?name=events&wait=true", kNoted).json()["successful_rows"] == 1);
    CHECK(rows(served, "SELECT id FROM events ORDER BY id") == Json::parse(R"([{"id":"a"},{"id":"b"}])"));
    CHECK(staged_rows(served, "SELECT cost, note FROM events WHERE id = 'b'") ==
          Json::parse(R"([{"cost":2,"note":"seen"}])"));
    CHECK(served
              .ask("POST", "/v0/datasources?mode=append&name=events&format=csv", "", served.admin(), {},
                   {{"csv", "rows.csv", "id,at,cost\nc,2026-01-01 12:00:00,3\n"}})
              .json()["successful_rows"] == 1);
    CHECK(staged_rows(served, "SELECT count() AS n FROM events") == Json::parse(R"([{"n":3}])"));
    CHECK(served.get("/v0/pipes/spend.json?" + kStaging).json()["data"].size() == 3); // its view, too
    CHECK(served.post("/v0/datasources/events/delete?delete_condition=id='a'").status == 200);
    CHECK(served.post("/v1/deployments/" + id + "/set-live").json()["deployment"]["live"] == true);
    CHECK(rows(served, "SELECT id, note FROM events ORDER BY id") ==
          Json::parse(R"([{"id":"b","note":"seen"},{"id":"c","note":"none"}])"));
    CHECK(served.post("/v0/events?name=events&wait=true", kNoted).status == 200);
    CHECK(rows(served, "SELECT count() AS n FROM events") == Json::parse(R"([{"n":3}])"));
    CHECK(served.get("/v0/pipes/spend.json").json()["data"][1]["spend"] == 4);
}

TEST_CASE("what is sent to staging alone stays there") {
    REQUIRE_ENGINE(library);
    Served served(library);
    go_live(served);
    const std::string id = stage(served, next_project());
    CHECK(served.post("/v0/events?name=events&wait=true&" + kStaging, kNoted).status == 200);
    CHECK(rows(served, "SELECT count() AS n FROM events") == Json::parse(R"([{"n":1}])"));
    CHECK(staged_rows(served, "SELECT count() AS n FROM events") == Json::parse(R"([{"n":2}])"));
    CHECK(served.ask("DELETE", "/v1/deployments/" + id, "", served.admin()).json()["deployment"]["status"] ==
          "deleted");
    CHECK(staged_rows(served, "SELECT count() AS n FROM events") == Json::parse(R"([{"n":1}])")); // of live
}

TEST_CASE("promotion puts the staged deployment in the place of the live one, with its tokens") {
    REQUIRE_ENGINE(library);
    Served served(library);
    go_live(served);
    auto files = next_project();
    file_of(files, "events.datasource").text.insert(0, "TOKEN \"later\" APPEND\n");
    const std::string before = served.server().core().default_workspace()->live.database;
    const std::string id = stage(served, files);
    CHECK(served.get("/v0/tokens/later").status == 403);
    CHECK(served.post("/v1/deployments/" + id + "/set-live").status == 200);
    CHECK(served.get("/v0/tokens/later").status == 200);
    CHECK(served.get("/v1/deployments").json()["deployments"].size() == 1);
    CHECK(served.get("/v1/deployments/1").json()["deployment"]["status"] == "deleted");
    // clients promote twice, and delete the one before by themselves
    CHECK(served.post("/v1/deployments/" + id + "/set-live").status == 200);
    CHECK(served.ask("DELETE", "/v1/deployments/1", "", served.admin()).status == 200);
    CHECK(served.post("/v1/deployments/1/set-live").status == 400);
    CHECK(served.get("/v0/pipes/spend.json").json()["data"][0]["hours"] == 1);
    CHECK(served.server().core().default_workspace()->live.database != before);
    // and deployments go on from there
    CHECK(served.send("/v1/deploy?auto_promote=true", small_project()).status == 400); // the type again
    files = next_project();
    replace_in(file_of(files, "spend.pipe"), "ORDER BY hour", "ORDER BY hour DESC");
    CHECK(served.send("/v1/deploy?auto_promote=true", files).json()["result"] == "success");
}

TEST_CASE("one deployment is staged at a time, and a check asks nothing of it") {
    REQUIRE_ENGINE(library);
    Served served(library);
    go_live(served);
    const std::string id = stage(served, next_project());
    for (const char* target : {"/v1/deploy", "/v1/deploy?auto_promote=true", "/v1/build"}) {
        INFO(target);
        const Asked refused = served.send(target, small_project());
        CHECK(refused.status == 400);
        CHECK(refused.json()["result"] == "failed");
        CHECK(refused.json()["error"] == "There's already a deployment in progress.\n\nYou can check the "
                                         "status of your deployments with `tb deployment ls`.");
    }
    CHECK(served.send("/v1/deploy", small_project()).json()["deployment"]["id"] == id);
    CHECK(served.send("/v1/deploy?check=true", small_project()).json()["result"] == "no_changes");
    CHECK(served.ask("DELETE", "/v1/deployments/" + id, "", served.admin()).status == 200);
    CHECK(served.send("/v1/deploy", small_project()).json()["result"] == "no_changes");
    CHECK(served.get("/v1/deployments").json()["deployments"].size() == 1);
}

TEST_CASE("a staged deployment that cannot take what live took is given up, and says why") {
    REQUIRE_ENGINE(library);
    Served served(library);
    go_live(served);
    auto files = next_project();
    replace_in(file_of(files, "to_hourly.pipe"), "sum(toFloat64(cost)) AS spend",
               "sum(toFloat64(cost) + throwIf(id = 'b')) AS spend");
    const std::string id = stage(served, files);
    CHECK(served.post("/v0/events?name=events&wait=true", kNoted).status == 200);
    const Json ended = served.get("/v1/deployments/" + id).json()["deployment"];
    CHECK(ended["status"] == "deleted");
    REQUIRE(ended["errors"].size() == 1);
    CHECK(ended["errors"][0].get<std::string>().starts_with("Error migrating data: "));
    CHECK(served.post("/v1/deployments/" + id + "/set-live").status == 400);
    CHECK(rows(served, "SELECT count() AS n FROM events") == Json::parse(R"([{"n":2}])"));
    CHECK(stage(served, next_project()) != id);
}

TEST_CASE("rows that do not convert end a deployment before it is staged") {
    REQUIRE_ENGINE(library);
    Served served(library);
    go_live(served);
    auto files = small_project();
    replace_in(file_of(files, "events.datasource"), "`id` String", "`id` UInt32");
    file_of(files, "events.datasource").text +=
        "\nFORWARD_QUERY >\n    SELECT toUInt32(id) AS id, at, cost\n";
    for (const char* target : {"/v1/deploy", "/v1/deploy?auto_promote=true"}) {
        const Asked failed = served.send(target, files);
        CHECK(failed.status == 400);
        CHECK(failed.json()["result"] == "failed");
        const std::string message = failed.json()["deployment"]["feedback"][0]["message"];
        CHECK(message.starts_with("Error migrating data: "));
        CHECK(message.find(served.server().core().default_workspace()->live.database) == std::string::npos);
    }
    CHECK(served.get("/v1/deployments").json()["deployments"].size() == 1);
    CHECK(rows(served, "SELECT id FROM events") == Json::parse(R"([{"id":"a"}])"));
}

TEST_CASE("a server that is started again has its staged deployment, with the rows of both") {
    REQUIRE_ENGINE(library);
    const Served engine_stays(library); // rows in memory end with the last connection
    const TemporaryFolder folder;
    const std::filesystem::path state = folder.path() / "workspaces.json";
    std::string id;
    {
        Served served(library, state);
        go_live(served);
        REQUIRE(served.post("/v0/events?name=events&wait=true", R"({"id":7})").status == 200); // put aside
        id = stage(served, next_project());
        REQUIRE(served.post("/v0/events?name=events&wait=true", kNoted).status == 200);
    }
    Served again(library, state);
    CHECK(rows(again, "SELECT count() AS n FROM events") == Json::parse(R"([{"n":2}])"));
    CHECK(staged_rows(again, "SELECT count() AS n FROM events") == Json::parse(R"([{"n":2}])"));
    CHECK(staged_rows(again, "SELECT count() AS n FROM events_quarantine") == Json::parse(R"([{"n":1}])"));
    CHECK(again.post("/v1/deployments/" + id + "/set-live").status == 200);
    {
        Served third(library, state);
        CHECK(rows(third, "SELECT id, note FROM events ORDER BY id") ==
              Json::parse(R"([{"id":"a","note":"old"},{"id":"b","note":"seen"}])"));
        CHECK(third.get("/v1/deployments").json()["deployments"][0]["id"] == id);
    }
}
