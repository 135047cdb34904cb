#include "served.hpp"
#include "support/engine_library.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

TEST_CASE("NDJSON is analysed into columns with their paths, and its first rows shown") {
    REQUIRE_ENGINE(library);
    Served served(library);
    const Asked asked =
        served.post("/v0/analyze", "{\"id\":\"a\",\"usage\":{\"tokens\":3},\"tags\":[\"x\"]}\n"
                                   "{\"id\":\"b\",\"usage\":{\"tokens\":4},\"tags\":[],\"cost\":1.5}\n"
                                   "{\"id\":\"cut");
    REQUIRE(asked.status == 200);
    const Json analysis = asked.json()["analysis"];
    REQUIRE(analysis["columns"].size() == 4);
    CHECK(analysis["columns"][1]["name"] == "usage_tokens");
    CHECK(analysis["columns"][1]["path"] == "$.usage.tokens");
    CHECK(analysis["columns"][1]["present_pct"] == 1.0);
    CHECK(analysis["columns"][2]["recommended_type"] == "Array(String)");
    CHECK(analysis["columns"][3]["recommended_type"] == "Float64");
    CHECK(analysis["columns"][3]["present_pct"] == 0.5);
    const std::string schema = analysis["schema"];
    CHECK(schema.find("id String `json:$.id`, ") == 0);
    CHECK(schema.find("cost Nullable(Float64) `json:$.cost`") != std::string::npos);
    const Json preview = asked.json()["preview"];
    CHECK(preview["rows"] == 2);
    CHECK(preview["data"][0]["id"] == "a");
    CHECK(preview["data"][0]["tags"] == Json::array({"x"}));
    CHECK(served.post("/v0/analyze", "{\"id\":1}\nno JSON\n{\"id\":2}\n").status == 400);
    CHECK(served.post("/v0/analyze", "").status == 400);
}

TEST_CASE("CSV is analysed by its header and its delimiter") {
    REQUIRE_ENGINE(library);
    Served served(library);
    const Asked asked =
        served.ask("POST", "/v0/analyze", "", served.admin(), {},
                   {{"csv", "rows.csv", "id;at;n\na;2026-01-01 10:00:00;1\nb;2026-01-01 11:00:00;\n"}});
    REQUIRE(asked.status == 200);
    const Json answer = asked.json();
    CHECK(answer["analysis"]["schema"] == "`id` String, `at` DateTime, `n` Nullable(Int64)");
    CHECK(answer["dialect"]["delimiter"] == ";");
    CHECK(answer["preview"]["data"][0]["id"] == "a");
    CHECK(answer["preview"]["rows"] == 2);
}

TEST_CASE("columns between tabs are analysed") {
    REQUIRE_ENGINE(library);
    Served served(library);
    const Asked asked = served.post("/v0/analyze", "id\tn\na b\t1\n");
    CHECK(asked.json()["analysis"]["schema"] == "`id` String, `n` Int64");
}

TEST_CASE("analysis needs the right to make datasources") {
    REQUIRE_ENGINE(library);
    Served served(library);
    const std::string reader = served.post("/v0/tokens?name=r&scope=DATASOURCES:READ:events").json()["token"];
    CHECK(served.ask("POST", "/v0/analyze", "{\"a\":1}", reader).status == 403);
}

TEST_CASE("queries are formatted, and their tables named, without being run") {
    REQUIRE_ENGINE(library);
    Served served(library);
    CHECK(served.get("/v0/sql_format?q=select%201%20as%20a").json()["q"] == "SELECT 1 AS a");
    CHECK(served.get("/v0/sql_format?q=select+from+from").status == 400);
    CHECK(served.get("/v0/sql_format").status == 400);
    CHECK(served.post("/v0/sql_tables?q=SELECT%201%20FROM%20b%20JOIN%20system.one%20USING%20x").json() ==
          Json::parse(R"({"tables":[["","b"],["system","one"]]})"));
}

TEST_CASE("the datasources that are fed by one are told") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    CHECK(served.get("/v0/dependencies?datasource=events").json() ==
          Json::parse(R"({"dependencies":{"hourly":[]},"incompatible_datasources":{}})"));
    CHECK(served.get("/v0/dependencies?datasource=hourly").json()["dependencies"].empty());
    CHECK(served.get("/v0/dependencies?datasource=nowhere").status == 404);
}

TEST_CASE("the pipes that read a datasource are told with it, to whoever may see them") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const Json hourly = served.get("/v0/datasources/hourly").json();
    REQUIRE(hourly["used_by"].size() == 1);
    CHECK(hourly["used_by"][0] ==
          Json({{"id", served.get("/v0/pipes/spend").json()["id"]}, {"name", "spend"}}));
    const Json listed = served.get("/v0/datasources?attrs=name,used_by").json()["datasources"];
    REQUIRE(listed.size() == 2);
    CHECK(listed[0]["name"] == "events");
    CHECK(listed[0]["used_by"][0]["name"] == "to_hourly");
    const std::string reader = served.post("/v0/tokens?name=r&scope=DATASOURCES:READ:hourly").json()["token"];
    CHECK(served.get_as(reader, "/v0/datasources/hourly").json()["used_by"] == Json::array());
}

TEST_CASE("an endpoint's query is explained without the name of its database") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    for (const char* path :
         {"/v0/pipes/spend/explain?least=7", "/v0/pipes/spend/nodes/total/explain?least=7"}) {
        const Asked asked = served.get(path);
        REQUIRE(asked.status == 200);
        CHECK(asked.json()["debug_query"].get<std::string>().find("'7.0'") != std::string::npos);
        CHECK(asked.json()["query_explain"].get<std::string>().find("Aggregating") != std::string::npos);
        CHECK(asked.body.find(served.server().core().default_workspace()->live.database) ==
              std::string::npos);
    }
    CHECK(served.get("/v0/pipes/nowhere/explain").status == 404);
    CHECK(served.get("/v0/pipes/spend/nodes/nowhere/explain").status == 404);
    const std::string reader = served.post("/v0/tokens?name=r&scope=PIPES:READ:other").json()["token"];
    CHECK(served.get_as(reader, "/v0/pipes/spend/explain").status == 403);
}

TEST_CASE("the health of the server needs no token") {
    REQUIRE_ENGINE(library);
    Served served(library);
    CHECK(served.ask("GET", "/v0/health", "", "", {{"host", "localhost:7181"}}).status == 200);
}

TEST_CASE("what Forward changes by deployments alone is refused in its words") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const std::string pipes = "Adding or modifying pipes to this workspace can only be done via deployments";
    const std::string datasources =
        "Adding or modifying data sources to this workspace can only be done via deployments";
    const auto refused = [&](const char* method, const char* path) {
        INFO(method << " " << path);
        const Asked asked = served.ask(method, path, "", served.admin());
        CHECK(asked.status == 403);
        return asked.json()["error"];
    };
    CHECK(refused("POST", "/v0/pipes/spend/nodes") == pipes);
    CHECK(refused("PUT", "/v0/pipes/spend/nodes/total") == pipes);
    CHECK(refused("DELETE", "/v0/pipes/spend/nodes/total") == pipes);
    CHECK(refused("DELETE", "/v0/pipes/spend/nodes/total/endpoint") == pipes);
    CHECK(refused("POST", "/v0/pipes/spend/nodes/total/copy") == pipes);
    CHECK(refused("POST", "/v0/pipes/spend/nodes/total/sink") == pipes);
    CHECK(refused("DELETE", "/v0/pipes/spend/nodes/total/materialization") == pipes);
    CHECK(refused("POST", "/v0/datasources/events/share") == datasources);
    CHECK(refused("POST", "/v0/datasources/exchange") == datasources);
    CHECK(refused("POST", "/v0/datafiles?filenames=a.pipe") == datasources);
    const std::string classic = served.post("/v0/sql_copy?copy_to=events").json()["error"];
    CHECK(classic.find("Tinybird Forward workspace") != std::string::npos);
    CHECK(classic.find("Tinybird Classic workspaces") != std::string::npos);
    CHECK(served.post("/v0/datasources/events/stop").status == 400);
    CHECK(served.post("/v0/pipes/spend/sink").status == 400);
}

TEST_CASE("rows are deleted at once by the newer route, which tells how many") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    REQUIRE(served
                .post("/v0/events?name=events&wait=true", "{\"id\":\"a\",\"at\":\"2026-01-01 10:00:00\"}\n"
                                                          "{\"id\":\"b\",\"at\":\"2026-01-01 10:00:00\"}")
                .status == 200);
    const std::string path = "/v1/datasources/events/delete?delete_condition=id%3D'a'";
    CHECK(served.post(path).json()["rows_affected"] == 1);
    CHECK(served.post(path + "&wait=false").json()["job"]["kind"] == "delete_data");
    CHECK(served.post(path + "&partition=202601").status == 400);
    CHECK(served.rows("SELECT id FROM events") == Json::parse(R"([{"id":"b"}])"));
}

TEST_CASE("SQL over a pipe sees its rows as `_`, and its nodes") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    REQUIRE(
        served.post("/v0/events?name=events&wait=true", R"({"id":"a","at":"2026-01-01 10:00:00","cost":2})")
            .status == 200);
    CHECK(served.get("/v0/sql?pipeline=spend&q=SELECT+spend+FROM+_").json()["data"] ==
          Json::parse(R"([{"spend":2}])"));
    CHECK(served.get("/v0/sql?pipeline=spend&least=3&q=SELECT+spend+FROM+total").json()["data"].empty());
    CHECK(served.get("/v0/sql?pipeline=nowhere&q=SELECT+1").status == 404);
    const std::string reader = served.post("/v0/tokens?name=r&scope=PIPES:READ:spend").json()["token"];
    CHECK(served.get_as(reader, "/v0/sql?pipeline=spend&q=SELECT+spend+FROM+_").status == 200);
    CHECK(served.get_as(reader, "/v0/sql?pipeline=spend&q=SELECT+spend+FROM+total").status == 403);
    const std::string other = served.post("/v0/tokens?name=o&scope=PIPES:READ:other").json()["token"];
    CHECK(served.get_as(other, "/v0/sql?pipeline=spend&q=SELECT+1").status == 403);
}

TEST_CASE("what a JWT fixes of a pipe holds in SQL as well") {
    REQUIRE_ENGINE(library);
    Served served(library);
    std::vector<server::Datafile> files = small_project();
    files.push_back({"pipes/other.pipe", "NODE n\nSQL >\n    %\n    SELECT {{Float64(least, 0)}} AS n\n\n"
                                         "TYPE endpoint\n"});
    REQUIRE(served.send("/v1/build", files).status == 200);
    REQUIRE(
        served.post("/v0/events?name=events&wait=true", R"({"id":"a","at":"2026-01-01 10:00:00","cost":2})")
            .status == 200);
    const auto jwt = [&](const std::string& scopes) -> std::string {
        return served
            .ask("POST", "/v0/tokens/?expiration_time=4102444800",
                 R"({"name":"j","scopes":[)" + scopes + "]}", served.admin())
            .json()["token"];
    };
    const std::string spend = R"({"type":"PIPES:READ","resource":"spend","fixed_params":{"least":"100"}})";
    const std::string one = jwt(spend);
    CHECK(served.get_as(one, "/v0/sql?least=0&q=SELECT+*+FROM+spend").json()["data"].empty());
    const std::string two = jwt(spend + R"(,{"type":"PIPES:READ","resource":"other"})");
    CHECK(served.get_as(two, "/v0/pipes/other.json?least=0").json()["data"][0]["n"] == 0);
    CHECK(served.get_as(two, "/v0/pipes/other.json?least=0&q=SELECT+*+FROM+spend").status == 403);
    const std::string any = jwt(R"({"type":"PIPES:READ","fixed_params":{"least":"100"}})");
    CHECK(served.get_as(any, "/v0/pipes/spend.json?least=0").json()["data"].empty());
}
