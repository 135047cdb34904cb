// Row filters of tokens: whatever way a datasource is read by, the rows that the filter hides are not there.
#include "served.hpp"
#include "support/engine_library.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

// `small_project` with an endpoint over `events` and one over it; rows of two tenants, one row put aside.
void fill(Served& served) {
    auto files = small_project();
    files.push_back(
        {"pipes/ids.pipe", "NODE all\nSQL >\n    SELECT id FROM events ORDER BY id\n\nTYPE endpoint\n"});
    files.push_back(
        {"pipes/count_ids.pipe", "NODE n\nSQL >\n    SELECT count() AS n FROM ids\n\nTYPE endpoint\n"});
    files.push_back(
        {"pipes/aside.pipe", "NODE n\nSQL >\n    SELECT id FROM events_quarantine\n\nTYPE endpoint\n"});
    REQUIRE(served.send("/v1/build", files).status == 200);
    REQUIRE(served
                .post("/v0/events?name=events&wait=true",
                      R"({"id":"a","at":"2026-01-01 10:00:00","cost":1}
{"id":"b","at":"2026-01-01 11:00:00","cost":2}
{"id":"hidden","at":"never"})")
                .status == 200);
}

Asked make_jwt(Served& served, const Json& scopes, const std::string& token) {
    return served.ask("POST", "/v0/tokens/?expiration_time=9999999999",
                      Json{{"name", "j"}, {"scopes", scopes}}.dump(), token,
                      {{"content-type", "application/json"}});
}

std::string jwt_with(Served& served, const std::string& filter) {
    const Json scopes =
        Json::array({{{"type", "DATASOURCES:READ"}, {"resource", "events"}, {"filter", filter}},
                     {{"type", "PIPES:READ"}, {"resource", "ids"}},
                     {{"type", "PIPES:READ"}, {"resource", "count_ids"}},
                     {{"type", "PIPES:READ"}, {"resource", "aside"}}});
    const Asked made = make_jwt(served, scopes, served.admin());
    INFO(made.body);
    REQUIRE(made.status == 200);
    return made.json()["token"];
}

Asked sql(Served& served, const std::string& token, const std::string& text) {
    return served.ask("POST", "/v0/sql", text, token, {{"content-type", "text/plain"}});
}

} // namespace

TEST_CASE("a row filter holds in SQL, in endpoints, and in endpoints of endpoints") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    const std::string jwt = jwt_with(served, "id = 'a'");
    const Json only_a = Json::parse(R"([{"id":"a"}])");
    for (const char* text :
         {"SELECT id FROM events", "SELECT e.id FROM events AS e", "SELECT events.id FROM events",
          "SELECT id FROM (SELECT * FROM events)", "WITH t AS (SELECT id FROM events) SELECT id FROM t",
          "SELECT id FROM events WHERE 1 OR id = 'b'",
          "SELECT DISTINCT a.id FROM events AS a JOIN events AS b ON 1 = 1", "SELECT id FROM ids",
          "SELECT arrayJoin(['a', 'b']) AS id WHERE id IN (SELECT id FROM events)",
          "SELECT arrayJoin(groupArray(id)) AS id FROM events"}) {
        INFO(text);
        const Asked asked = sql(served, jwt, text);
        INFO(asked.body);
        CHECK(asked.json()["data"] == only_a);
    }
    CHECK(served.get_as(jwt, "/v0/pipes/ids.json").json()["data"] == only_a);
    CHECK(served.get_as(jwt, "/v0/pipes/count_ids.json").json()["data"] == Json::parse(R"([{"n":1}])"));
    CHECK(served.get_as(jwt, "/v0/pipes/ids.json?q=SELECT+count()+AS+n+FROM+_").json()["data"] ==
          Json::parse(R"([{"n":1}])"));
    CHECK(served.get("/v0/pipes/ids.json").json()["rows"] == 2); // others see all
}

TEST_CASE("a row filter hides its rows from conditions, failures, counts and what was put aside") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    const std::string jwt = jwt_with(served, "id = 'a'");
    CHECK(sql(served, jwt, "SELECT count() AS n FROM events WHERE throwIf(id = 'b') = 0").json()["data"] ==
          Json::parse(R"([{"n":1}])"));
    CHECK(sql(served, jwt, "SELECT count() AS n FROM events PREWHERE throwIf(id = 'b') = 0").status == 400);
    CHECK(sql(served, jwt, "SELECT intDiv(1, cost - 2) AS n FROM events").status == 200);
    CHECK(sql(served, jwt, "SELECT id FROM events_quarantine").status == 403);
    CHECK(served.get_as(jwt, "/v0/pipes/aside.json").status == 403);
    CHECK(sql(served, jwt, "SELECT * FROM hourly").status == 403);
    const Json details = served.get_as(jwt, "/v0/datasources/events").json();
    CHECK(details["statistics"]["row_count"].is_null());
    CHECK(details["quarantine_rows"].is_null());
    CHECK(sql(served, jwt, "DESCRIBE events").body.find("'b'") == std::string::npos);
}

TEST_CASE("a filter is one expression over the rows of its datasource") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    for (const char* filter :
         {"1) OR (1", "id IN (SELECT name FROM system.tables)", "id IN events", "1 SETTINGS max_threads = 1",
          "file('/etc/hostname') = ''", "1; DROP TABLE events", "id = 'a", "/* ", ""}) {
        INFO(filter);
        const Json scopes =
            Json::array({{{"type", "DATASOURCES:READ"}, {"resource", "events"}, {"filter", filter}}});
        CHECK(make_jwt(served, scopes, served.admin()).status == 400);
    }
    const std::string jwt = jwt_with(served, "id = 'b' -- and no more");
    CHECK(served.get_as(jwt, "/v0/pipes/ids.json").json()["data"] == Json::parse(R"([{"id":"b"}])"));
    for (const char* broken : {"nothing = 1", "1 UNION ALL SELECT 1"}) {
        CHECK(served.get_as(jwt_with(served, broken), "/v0/pipes/ids.json").status == 400);
    }
}

TEST_CASE("a filtered token gives nobody the rows that it does not see") {
    REQUIRE_ENGINE(library);
    Served served(library);
    fill(served);
    const Json scopes =
        Json::array({{{"type", "TOKENS"}},
                     {{"type", "DATASOURCES:READ"}, {"resource", "events"}, {"filter", "id = 'a'"}}});
    const std::string maker = make_jwt(served, scopes, served.admin()).json()["token"];
    CHECK(served.ask("POST", "/v0/tokens?name=t&scope=DATASOURCES:READ:events", "", maker).status == 403);
    CHECK(make_jwt(served, Json::array({{{"type", "DATASOURCES:READ"}, {"resource", "events"}}}), maker)
              .status == 403);
    CHECK(served.post("/v0/tokens?name=t&scope=DATASOURCES:READ:events:id='a'").status == 400); // of Classic
}
