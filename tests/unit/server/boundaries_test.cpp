#include "served.hpp"
#include "support/engine_library.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

constexpr const char* kEvent = R"({"id":"a","at":"2026-01-01 10:00:00","cost":1})";

} // namespace

// The names of databases hold the id of their workspace, which every token tells: they are no secret.
TEST_CASE("a table is not reached through the name of its database, its own workspace's neither") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    REQUIRE(served.post("/v0/events?name=events&wait=true", kEvent).status == 200);
    const std::string database = served.server().core().default_workspace()->live.database;
    const std::string token =
        served.ask("POST", "/v0/tokens?name=hourly&scope=DATASOURCES:READ:hourly", "", served.admin())
            .json()["token"];
    for (const std::string& sql :
         {"SELECT * FROM " + database + ".events", "SELECT * FROM `" + database + "`.`events`",
          "SELECT * FROM " + database + " . events", "SELECT (SELECT count() FROM " + database + ".events)",
          "WITH t AS (SELECT * FROM " + database + ".events) SELECT * FROM t",
          "SELECT * FROM hourly WHERE 1 IN (SELECT 1 FROM " + database + ".events)",
          "SELECT * FROM hourly WHERE 'a' IN " + database + ".events",
          "SELECT * FROM hourly AS h JOIN " + database + ".events AS e ON 1 = 1",
          "SELECT * FROM hourly UNION ALL SELECT * FROM " + database + ".events"}) {
        INFO(sql);
        for (const std::string& who : {token, served.admin()}) {
            const Asked asked = served.ask("POST", "/v0/sql", sql, who, {{"content-type", "text/plain"}});
            CHECK((asked.status == 403 || asked.status == 400));
            CHECK(asked.body.find("\"data\"") == std::string::npos);
        }
    }
}

TEST_CASE("a build may not read beyond its workspace: by a node, a view or a FORWARD_QUERY") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const std::string database = served.server().core().default_workspace()->live.database;
    for (const std::string& sql :
         {"SELECT * FROM " + database + ".events",
          "SELECT id FROM events WHERE id IN (SELECT id FROM " + database + ".events)"}) {
        INFO(sql);
        std::vector<server::Datafile> files = small_project();
        file_of(files, "spend.pipe").text = "NODE total\nSQL >\n    " + sql + "\n\nTYPE endpoint\n";
        const Asked built = served.send("/v1/build", files);
        CHECK(built.status == 400);
        CHECK(built.body.find("is in another database") != std::string::npos);
    }
    for (const char* const query : {"SELECT id, at, (SELECT max(cost) FROM hourly) AS cost",
                                    "SELECT id, at, (SELECT max(number) FROM numbers(3)) AS cost"}) {
        INFO(query);
        std::vector<server::Datafile> files = small_project();
        file_of(files, "events.datasource").text += "\nFORWARD_QUERY >\n    " + std::string(query) + "\n";
        const Asked built = served.send("/v1/build", files);
        CHECK(built.status == 400);
        CHECK(built.body.find("reads no other table") != std::string::npos);
    }
}

TEST_CASE("what the service tells of a workspace can be asked, and is empty") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    CHECK(served.rows("SELECT count() AS n FROM tinybird.pipe_stats_rt") == Json::parse(R"([{"n":0}])"));
    CHECK(served.rows("SELECT event_type FROM tinybird.datasources_ops_log") == Json::array());
}

TEST_CASE("lists of pipes tell what is asked of pipes and of nodes, and all where nothing is asked") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const Json named =
        served.get("/v0/pipes?dependencies=false&attrs=name,type&node_attrs=name").json()["pipes"];
    REQUIRE(named.size() == 2);
    CHECK(named[0] == Json::parse(R"({"name":"spend","type":"endpoint","nodes":[{"name":"total"}]})"));
    CHECK(served.get("/v0/pipes?attrs=name").json()["pipes"][0] == Json::parse(R"({"name":"spend"})"));
    const Json whole = served.get("/v0/pipes?dependencies=false&attrs=&node_attrs=").json()["pipes"];
    CHECK(whole == served.get("/v0/pipes").json()["pipes"]);
    const Json hourly = served.get("/v0/datasources/hourly").json();
    CHECK(whole[1]["nodes"][0]["materialized"] == hourly["id"]);
    CHECK(whole[0]["nodes"][0]["materialized"] == false);
}

TEST_CASE("the address of an endpoint is told with the defaults of its parameters") {
    REQUIRE_ENGINE(library);
    Served served(library);
    std::vector<server::Datafile> files = small_project();
    file_of(files, "spend.pipe").text = "NODE total\nSQL >\n    %\n    SELECT {{String(city, 'San José')}} "
                                        "AS city, {{Int32(most)}} AS most\n\nTYPE endpoint\n";
    REQUIRE(served.send("/v1/build", files).status == 200);
    CHECK(served.ask("GET", "/examples/query.http?pipe=spend&token=none", "", "").status == 403);
    const Asked address =
        served.get("/examples/query.http?format=json&pipe=spend&q=&token=" + served.admin());
    CHECK_THAT(address.body,
               Catch::EndsWith("/v0/pipes/spend.json?token=" + served.admin() + "&city=San%20Jos%C3%A9"));
    CHECK(served.get("/examples/query.http?format=xml&pipe=spend").status == 400);
    CHECK(served.get("/examples/query.http?pipe=none").status == 404);
}

TEST_CASE("a token that is refreshed has another text, and the old one is let in no more") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const Json made =
        served.ask("POST", "/v0/tokens?name=reader&scope=PIPES:READ:spend", "", served.admin()).json();
    const Json fresh = served.post("/v0/tokens/reader/refresh").json();
    CHECK(fresh["id"] == made["id"]);
    CHECK(fresh["scopes"] == made["scopes"]);
    CHECK(fresh["token"] != made["token"]);
    CHECK(served.get_as(made["token"], "/v0/pipes/spend.json").status == 403);
    CHECK(served.get_as(fresh["token"], "/v0/pipes/spend.json").status == 200);
    CHECK(served.post("/v0/tokens/none/refresh").status == 403);
}

TEST_CASE("a datafile is text/plain and no more, the one type that the Python client takes for text") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    CHECK(served.get("/v1/pipes/spend.pipe").content_type == "text/plain");
    CHECK(served.get("/v0/datasources/events.datasource").content_type == "text/plain");
}
