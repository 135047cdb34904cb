#include "served.hpp"
#include "support/engine_library.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

const std::string kRow = R"({"id":"a","at":"2026-01-01 10:00:00","cost":1.5})";

void replace_in(server::Datafile& file, const std::string& what, const std::string& by) {
    const std::size_t at = file.text.find(what);
    REQUIRE(at != std::string::npos);
    file.text.replace(at, what.size(), by);
}

void fill(Served& served) {
    REQUIRE(served.send("/v1/deploy?auto_promote=true", small_project()).status == 200);
    REQUIRE(served.post("/v0/events?name=events&wait=true", kRow).status == 200);
}

} // namespace

TEST_CASE("a build tells what is new, changed and gone") {
    REQUIRE_ENGINE(library);
    Served served(library);
    const Json first = served.send("/v1/build", small_project()).json();
    CHECK(first["result"] == "success");
    CHECK(first["build"]["new_datasource_names"] == Json({"events", "hourly"}));
    CHECK(first["build"]["new_pipe_names"] == Json({"spend", "to_hourly"}));
    auto files = small_project();
    replace_in(file_of(files, "spend.pipe"), "ORDER BY hour", "ORDER BY hour DESC");
    std::erase_if(files,
                  [](const server::Datafile& file) { return file.path.find("hourly") != std::string::npos; });
    replace_in(file_of(files, "spend.pipe"), "FROM hourly",
               "FROM (SELECT at AS hour, cost AS spend FROM events)");
    const Json second = served.send("/v1/build", files).json();
    CHECK(second["result"] == "success");
    CHECK(second["build"]["changed_pipe_names"] == Json({"spend"}));
    CHECK(second["build"]["deleted_pipe_names"] == Json({"to_hourly"}));
    CHECK(second["build"]["deleted_datasource_names"] == Json({"hourly"}));
}

TEST_CASE("keys and pipes may name the columns that a connector stores") {
    REQUIRE_ENGINE(library);
    Served served(library);
    auto files = small_project();
    files.push_back({"connections/bus.connection", "TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS bus:9092\n"});
    files.push_back({"datasources/orders.datasource", R"file(SCHEMA >
    `order_id` String `json:$.order_id`

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(__timestamp)"
ENGINE_SORTING_KEY "__timestamp, order_id"

KAFKA_CONNECTION_NAME "bus"
KAFKA_TOPIC "orders"
KAFKA_GROUP_ID "orders_1"
)file"});
    files.push_back({"pipes/late.pipe", R"(NODE late
SQL >
    SELECT order_id, __offset, __timestamp FROM orders ORDER BY __timestamp

TYPE endpoint
)"});
    const Asked built = served.send("/v1/deploy?auto_promote=true", files);
    CHECK(built.status == 200);
    CHECK(built.json()["errors"] == nullptr);
    REQUIRE(served.post("/v0/events?name=orders&wait=true", R"({"order_id":"a"})").status == 200);
    CHECK(served.get("/v0/pipes/late.json").json()["data"] ==
          Json::parse(R"([{"order_id":"a","__offset":0,"__timestamp":"1970-01-01 00:00:00"}])"));
    replace_in(file_of(files, "orders.datasource"), "\"__timestamp, order_id\"", "\"order_id, __timestamp\"");
    CHECK(served.send("/v1/deploy?auto_promote=true", files).status == 200); // written again
    CHECK(served.rows("SELECT order_id FROM orders") == Json::parse(R"([{"order_id":"a"}])"));
    replace_in(file_of(files, "orders.datasource"), "order_id, __timestamp", "order_id, __none");
    CHECK(served.send("/v1/deploy?auto_promote=true", files).status == 400);
}

TEST_CASE("a build that cannot work says which file and why, and changes nothing") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    auto files = small_project();
    replace_in(file_of(files, "spend.pipe"), "h.spend", "h.spent");
    const Asked failed = served.send("/v1/build", files);
    CHECK(failed.status == 400);
    CHECK(failed.json()["result"] == "failed");
    CHECK(failed.json()["errors"][0]["filename"] == "pipes/spend.pipe");
    CHECK(failed.json()["errors"][0]["error"].get<std::string>().find("spent") != std::string::npos);
    auto broken = small_project();
    replace_in(file_of(broken, "events.datasource"), "`id` String `json:$.id`,", "`id` String `json:$.id`");
    CHECK(served.send("/v1/build", broken).json()["errors"][0]["filename"] ==
          "datasources/events.datasource");
    CHECK(served.get("/v0/pipes/spend.json").json()["rows"] == 1);
    for (const char* name : {"../x.pipe", "/etc/x.pipe", "pipes\\x.pipe"}) {
        CHECK(served.send("/v1/build", {{name, "NODE a\nSQL >\n    SELECT 1\n"}}).status == 400);
    }
}

TEST_CASE("a build cannot bring in what a query may not do") {
    REQUIRE_ENGINE(library);
    Served served(library);
    auto files = small_project();
    replace_in(file_of(files, "spend.pipe"), "ORDER BY hour", "ORDER BY file('/etc/hostname')");
    CHECK(served.send("/v1/build", files).status == 400);
    files = small_project();
    replace_in(file_of(files, "events.datasource"), "`id` String `json:$.id`,",
               "`id` String `json:$.id` DEFAULT file('/etc/hostname'),");
    const Asked refused = served.send("/v1/build", files);
    CHECK(refused.status == 400);
    CHECK(refused.json()["errors"][0]["error"] == "the function `file` is not open to workspaces");
    files = small_project();
    replace_in(file_of(files, "to_hourly.pipe"), "FROM events",
               "FROM url('http://127.0.0.1:1/', 'CSV', 'at DateTime, cost Float64')");
    CHECK(served.send("/v1/build", files).status == 400);
    CHECK(served.get("/v0/datasources").json()["datasources"].empty());
}

TEST_CASE("rows stay through every change that a deployment takes") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    auto files = small_project();
    replace_in(file_of(files, "events.datasource"), "DEFAULT 0\n",
               "DEFAULT 0,\n    `note` String `json:$.note` DEFAULT 'none'\n");
    CHECK(served.send("/v1/deploy?auto_promote=true", files).json()["result"] == "success");
    CHECK(served.rows("SELECT id, cost, note FROM events") ==
          Json::parse(R"([{"id":"a","cost":1.5,"note":"none"}])"));
    CHECK(served.get("/v0/pipes/spend.json").json()["data"][0]["spend"] == 1.5);
    // the view goes on with the table that took the place of the first
    CHECK(served.post("/v0/events?name=events&wait=true", kRow).status == 200);
    CHECK(served.get("/v0/pipes/spend.json").json()["data"][0]["spend"] == 3);
    replace_in(file_of(files, "events.datasource"), "ENGINE_SORTING_KEY \"at\"",
               "ENGINE_SORTING_KEY \"id, at\"");
    CHECK(served.send("/v1/deploy?auto_promote=true", files).json()["result"] == "success");
    CHECK(served.rows("SELECT count() AS n FROM events") == Json::parse(R"([{"n":2}])"));
    CHECK(served.send("/v1/deploy?auto_promote=true", files).json()["result"] == "no_changes");
}

TEST_CASE("a type that changes needs a FORWARD_QUERY, and a datasource that goes a permission") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    auto files = small_project();
    replace_in(file_of(files, "events.datasource"), "`cost` Float64 `json:$.cost` DEFAULT 0",
               "`cost` String `json:$.cost` DEFAULT '0'");
    replace_in(file_of(files, "to_hourly.pipe"), "sum(cost)", "sum(toFloat64(cost))");
    const Asked refused = served.send("/v1/deploy?auto_promote=true", files);
    CHECK(refused.status == 400);
    CHECK(refused.json()["deployment"]["feedback"][0]["level"] == "ERROR");
    file_of(files, "events.datasource").text +=
        "\nFORWARD_QUERY >\n    SELECT id, at, concat(toString(cost), ' USD') AS cost\n";
    // what the view makes of old rows is its own business: it reads new ones
    REQUIRE(served.send("/v1/deploy?auto_promote=true", files).json()["result"] == "success");
    CHECK(served.rows("SELECT cost FROM events") == Json::parse(R"([{"cost":"1.5 USD"}])"));
    CHECK(served.send("/v1/deploy?auto_promote=true", {}).status == 400);
    CHECK(served.send("/v1/deploy?check=true&allow_destructive_operations=true", files).json()["result"] ==
          "no_changes");
    CHECK(
        served.send("/v1/deploy?auto_promote=true&allow_destructive_operations=true", {}).json()["result"] ==
        "success");
    CHECK(served.get("/v0/datasources").json()["datasources"].empty());
}

TEST_CASE("a conversion that fails for a row leaves every table as it was") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    auto files = small_project();
    replace_in(file_of(files, "events.datasource"), "`id` String", "`id` UInt32");
    file_of(files, "events.datasource").text +=
        "\nFORWARD_QUERY >\n    SELECT toUInt32(id) AS id, at, cost\n";
    const Asked failed = served.send("/v1/deploy?auto_promote=true", files);
    CHECK(failed.status >= 400);
    CHECK(served.rows("SELECT id, cost FROM events") == Json::parse(R"([{"id":"a","cost":1.5}])"));
    CHECK(served.post("/v0/events?name=events&wait=true", kRow).status == 200);
    CHECK(served.get("/v0/pipes/spend.json").json()["data"][0]["spend"] == 3);
}

TEST_CASE("a new materialised view finds the rows that were there before it") {
    REQUIRE_ENGINE(library);
    Served served(library);
    auto files = small_project();
    std::vector<server::Datafile> landing = {file_of(files, "events.datasource")};
    REQUIRE(served.send("/v1/deploy?auto_promote=true", landing).status == 200);
    REQUIRE(served.post("/v0/events?name=events&wait=true", kRow).status == 200);
    REQUIRE(served.send("/v1/deploy?auto_promote=true", files).status == 200);
    CHECK(served.get("/v0/pipes/spend.json").json()["data"][0]["spend"] == 1.5);
}

TEST_CASE("deployments are told live first, the deleted only to who asks for them") {
    REQUIRE_ENGINE(library);
    Served served(library);
    CHECK(served.get("/v1/deployments").json()["deployments"][0]["id"] == "0");
    const Json made = served.send("/v1/deploy?auto_promote=true", small_project()).json()["deployment"];
    CHECK(made["id"] == "1");
    CHECK(made["live"] == true);
    CHECK(made["status"] == "data_ready");
    CHECK(served.get("/v1/deployments").json()["deployments"].size() == 1);
    CHECK(served.get("/v1/deployments?include_deleted=true").json()["deployments"].size() == 2);
    CHECK(served.get("/v1/deployments/0").json()["deployment"]["status"] == "deleted");
    CHECK(served.post("/v1/deployments/1/set-live").json()["result"] == "success");
    CHECK(served.ask("DELETE", "/v1/deployments/0", "", served.admin()).status == 200);
    CHECK(served.ask("DELETE", "/v1/deployments/1", "", served.admin()).status == 400);
    CHECK(served.get("/v1/deployments/7").status == 404);
}
