#include "served.hpp"
#include "support/engine_library.hpp"

#include <thread>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

std::vector<server::Datafile> copying_project() {
    auto files = small_project();
    files.push_back({"datasources/snapshots.datasource", "SCHEMA >\n"
                                                         "    `id` String,\n"
                                                         "    `cost` Float64\n\n"
                                                         "ENGINE \"MergeTree\"\n"
                                                         "ENGINE_SORTING_KEY \"id\"\n"});
    files.push_back({"pipes/snapshot.pipe",
                     "NODE dear\n"
                     "SQL >\n"
                     "    %\n"
                     "    SELECT cost, id FROM events WHERE cost >= {{Float64(least, 0)}}\n\n"
                     "TYPE copy\n"
                     "TARGET_DATASOURCE snapshots\n"
                     "COPY_SCHEDULE 0 * * * *\n"});
    return files;
}

void fill(Served& served) {
    REQUIRE(served.send("/v1/build", copying_project()).status == 200);
    REQUIRE(served
                .post("/v0/events?name=events&wait=true",
                      R"({"id":"a","at":"2026-01-01 10:00:00","cost":1}
{"id":"b","at":"2026-01-01 11:00:00","cost":2})")
                .status == 200);
}

// Until it is over.
Json ended_job(Served& served, const std::string& id) {
    while (true) {
        Json job = served.get("/v0/jobs/" + id).json();
        if (job["status"] != "waiting" && job["status"] != "working" && job["status"] != "cancelling") {
            return job;
        }
        std::this_thread::yield();
    }
}

Json run(Served& served, const std::string& target) {
    const Asked asked = served.post(target);
    INFO(asked.body);
    REQUIRE(asked.status == 200);
    return ended_job(served, asked.json()["job"]["job_id"]);
}

} // namespace

TEST_CASE("a copy pipe copies when it is asked, as a job, with its parameters and its mode") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    const Json answer = served.post("/v0/pipes/snapshot/copy?from=x&least=2").json();
    CHECK(answer["name"] == "snapshot");
    CHECK(answer["job"]["kind"] == "copy");
    const Json job = ended_job(served, answer["job"]["job_id"]);
    CHECK(job["status"] == "done");
    CHECK(job["pipe_name"] == "snapshot");
    CHECK(job["datasource"]["name"] == "snapshots");
    CHECK(served.get("/v0/datasources/" + answer["tags"]["copy_target_datasource"].get<std::string>())
              .json()["name"] == "snapshots");
    CHECK(served.rows("SELECT id, cost FROM snapshots") == Json::parse(R"([{"id":"b","cost":2}])"));
    CHECK(run(served, "/v0/pipes/snapshot/copy")["status"] == "done");
    CHECK(served.rows("SELECT count() AS n FROM snapshots") == Json::parse(R"([{"n":3}])"));
    CHECK(run(served, "/v0/pipes/snapshot/copy?_mode=replace&least=2")["status"] == "done");
    CHECK(served.rows("SELECT count() AS n FROM snapshots") == Json::parse(R"([{"n":1}])"));
    CHECK(served.get("/v0/jobs?kind=copy&status=done&pipe_name=snapshot").json()["jobs"].size() == 3);
    CHECK(served.get("/v0/jobs?kind=import").json()["jobs"].empty());
}

TEST_CASE("what is no copy, or no request for one, is refused at once; what fails later is told by the job") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    CHECK(served.post("/v0/pipes/none/copy").status == 404);
    CHECK(served.post("/v0/pipes/spend/copy").status == 400);
    CHECK(served.post("/v0/pipes/snapshot/copy?_mode=merge").status == 400);
    const std::string dashboard = served.get("/v0/tokens/dashboard").json()["token"];
    CHECK(served.ask("POST", "/v0/pipes/snapshot/copy", "", dashboard).status == 403);
    const Json failed = run(served, "/v0/pipes/snapshot/copy?least=many");
    CHECK(failed["status"] == "error");
    CHECK(failed["error"].get<std::string>().find("many") != std::string::npos);
    CHECK(served.post("/v0/jobs/" + failed["id"].get<std::string>() + "/cancel").status == 400);
    CHECK(served.rows("SELECT count() AS n FROM snapshots") == Json::parse(R"([{"n":0}])"));
}

TEST_CASE("the schedule of a copy is told, paused and resumed") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    CHECK(served.get("/v0/pipes/snapshot").json()["schedule"]["status"] == "running");
    CHECK(served.post("/v0/pipes/snapshot/copy/pause").json()["schedule"]["status"] == "paused");
    CHECK(served.get("/v0/pipes/snapshot").json()["schedule"]["cron"] == "0 * * * *");
    CHECK(served.post("/v0/pipes/snapshot/copy/resume").json()["schedule"]["status"] == "running");
    CHECK(served.post("/v0/pipes/spend/copy/pause").status == 400);
    CHECK(served.post("/v0/pipes/snapshot/copy/cancel").json()["jobs"].empty());
}

TEST_CASE("a copy that goes on for long ends when it is cancelled") {
    REQUIRE_ENGINE(library);
    Served served(library);
    auto files = copying_project();
    file_of(files, "snapshot.pipe").text =
        "NODE endless\nSQL >\n    SELECT toString(max(number)) AS id, sum(cityHash64(number) % 7) AS cost\n"
        "    FROM numbers(1000000000000000)\n\nTYPE copy\nTARGET_DATASOURCE snapshots\n";
    const Asked built = served.send("/v1/build", files);
    INFO(built.body);
    REQUIRE(built.status == 200);
    const std::string first = served.post("/v0/pipes/snapshot/copy").json()["job"]["id"];
    const std::string second = served.post("/v0/pipes/snapshot/copy").json()["job"]["id"];
    while (served.get("/v0/jobs/" + first).json()["status"] == "waiting") {
        std::this_thread::yield();
    }
    CHECK(served.post("/v0/jobs/" + second + "/cancel").json()["status"] == "cancelled");
    CHECK(served.post("/v0/pipes/snapshot/copy/cancel").json()["jobs"][0]["status"] == "cancelling");
    CHECK(ended_job(served, first)["status"] == "cancelled");
}

TEST_CASE("a copy while a deployment is staged is made in both") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/deploy?auto_promote=true", copying_project()).status == 200);
    REQUIRE(
        served.post("/v0/events?name=events&wait=true", R"({"id":"a","at":"2026-01-01 10:00:00","cost":1})")
            .status == 200);
    auto files = copying_project();
    file_of(files, "spend.pipe").text.insert(0, "DESCRIPTION >\n    Later\n\n");
    const std::string id = served.send("/v1/deploy", files).json()["deployment"]["id"];
    CHECK(run(served, "/v0/pipes/snapshot/copy")["status"] == "done");
    CHECK(run(served, "/v0/pipes/snapshot/copy?__tb__deployment=staging")["status"] == "done");
    CHECK(served.rows("SELECT count() AS n FROM snapshots") == Json::parse(R"([{"n":1}])"));
    REQUIRE(served.post("/v1/deployments/" + id + "/set-live").status == 200);
    CHECK(served.rows("SELECT count() AS n FROM snapshots") == Json::parse(R"([{"n":2}])"));
}

TEST_CASE("a materialised view is populated on request, from all rows or from some") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    const std::string target = "/v0/pipes/to_hourly/nodes/by_hour/population";
    const Json job = run(served, target + "?truncate=true");
    CHECK(job["kind"] == "populateview");
    CHECK(job["status"] == "done");
    CHECK(served.rows("SELECT sum(spend) AS s FROM hourly") == Json::parse(R"([{"s":3}])"));
    CHECK(run(served, target + "?populate_condition=id='b'")["status"] == "done");
    CHECK(served.rows("SELECT sum(spend) AS s FROM hourly") == Json::parse(R"([{"s":5}])"));
    CHECK(run(served, target + "?truncate=true&populate_subset=1")["status"] == "done");
    CHECK(served.rows("SELECT sum(spend) AS s FROM hourly") == Json::parse(R"([{"s":3}])"));
    CHECK(served.post(target + "?populate_subset=2").status == 400);
    CHECK(served.post(target + "?populate_condition=id+IN+(SELECT+name+FROM+system.tables)").status == 400);
    CHECK(served.post("/v0/pipes/spend/nodes/total/population").status == 400);
}
