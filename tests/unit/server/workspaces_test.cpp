#include "served.hpp"
#include "support/engine_library.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

TEST_CASE("nothing is answered without a token but what clients need to begin") {
    REQUIRE_ENGINE(library);
    Served served(library);
    for (const char* path :
         {"/v0/datasources", "/v0/sql?q=SELECT+1", "/v0/tokens", "/v1/workspace", "/v1/deployments"}) {
        INFO(path);
        CHECK(served.get_as("", path).status == 403);
        CHECK(served.get_as("p.eXYZ.wrong", path).status == 403);
    }
    const net::Fields here = {{"host", "localhost:7181"}};
    const Asked tokens = served.ask("GET", "/tokens", "", "", here);
    CHECK(tokens.status == 200);
    for (const char* name : {"user_token", "admin_token", "workspace_admin_token"}) {
        CHECK(tokens.json()[name].get<std::string>().substr(0, 3) == "p.e");
    }
    // A page whose name was made to lead to this machine.
    CHECK(served.ask("GET", "/tokens", "", "", {{"host", "evil.example:7181"}}).status == 403);
    CHECK(served.ask("GET", "/tokens", "", "", {}).status == 403);
}

TEST_CASE("a path that is not served is 404, another method 405, and both are JSON") {
    REQUIRE_ENGINE(library);
    Served served(library);
    const Asked unknown = served.get("/v0/nothing");
    CHECK(unknown.status == 404);
    CHECK(unknown.content_type == "application/json; charset=UTF-8");
    CHECK(unknown.json()["error"] == "GET /v0/nothing is not served");
    CHECK(served.ask("DELETE", "/v0/sql", "", served.admin()).status == 405);
    CHECK(served.ask("OPTIONS", "/v0/events", "", "").status == 204);
    CHECK(served.get("/v0/datasources/").status == 200);
}

TEST_CASE("workspaces are made with the user token, and know nothing of each other") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    CHECK(served.post("/v1/workspaces?name=other").status == 403);
    const Asked made = served.ask("POST", "/v1/workspaces?name=other", "", "p.eUSER.user");
    REQUIRE(made.status == 200);
    const std::string other = made.json()["token"];
    CHECK(served.ask("POST", "/v1/workspaces?name=other", "", "p.eUSER.user").status == 409);
    CHECK(served.get_as(other, "/v0/datasources").json()["datasources"].empty());
    CHECK(served.get_as(other, "/v0/sql?q=SELECT+*+FROM+events").status == 400);
    CHECK(served.get_as(other, "/v1/user/workspaces").json()["workspaces"].size() == 1);
    CHECK(served.get("/v1/user/workspaces").json()["workspaces"].size() == 2);
    CHECK(served.get_as(other, "/v1/workspace").json()["name"] == "other");
    const std::string id = made.json()["id"];
    CHECK(served.ask("DELETE", "/v1/workspaces/" + id, "", "p.eUSER.user").status == 400);
    CHECK(served.ask("DELETE", "/v1/workspaces/" + id + "?hard_delete_confirmation=yes", "", "p.eUSER.user")
              .status == 200);
    CHECK(served.get_as(other, "/v0/datasources").status == 403);
}

TEST_CASE("a branch is a workspace of its own that goes when it is told to") {
    REQUIRE_ENGINE(library);
    Served served(library);
    CHECK(served.get("/v0/environments/b1?with_token=true").status == 404);
    const Asked made = served.post("/v1/environments?name=b1");
    REQUIRE(made.status == 200);
    CHECK(served.get("/v0/jobs/" + made.json()["job"]["id"].get<std::string>()).json()["status"] == "done");
    const Json branch = served.get("/v0/environments/b1?with_token=true").json();
    CHECK(branch["name"] == "b1");
    CHECK(served.get("/v1/environments").json()["environments"].size() == 1);
    CHECK(served.get_as(branch["token"], "/v1/workspace").json()["is_branch"] == true);
    CHECK(served.post("/v1/environments?name=b1").status == 409);
    CHECK(served.ask("DELETE", "/v0/environments/" + branch["id"].get<std::string>(), "", served.admin())
              .status == 200);
    CHECK(served.get("/v0/environments/b1").status == 404);
}

TEST_CASE("of several who make one branch, one does") {
    REQUIRE_ENGINE(library);
    Served served(library);
    std::atomic<int> made{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> makers;
    for (int i = 0; i < 4; ++i) {
        makers.emplace_back([&] {
            const int status = served.post("/v1/environments?name=b1").status;
            made += status == 200 ? 1 : 0;
            refused += status == 409 ? 1 : 0;
        });
    }
    for (std::thread& maker : makers) {
        maker.join();
    }
    CHECK(made == 1);
    CHECK(refused == 3);
    CHECK(served.get("/v1/environments").json()["environments"].size() == 1);
}

TEST_CASE("a branch may be called like a workspace, or like a branch of another one") {
    REQUIRE_ENGINE(library);
    Served served(library);
    const Asked other = served.ask("POST", "/v1/workspaces?name=preview", "", "p.eUSER.user");
    REQUIRE(other.status == 200);
    CHECK(served.get("/v0/environments/preview").status == 404);
    CHECK(served.post("/v1/environments?name=preview").status == 200);
    const std::string token = other.json()["token"];
    CHECK(served.ask("POST", "/v1/environments?name=preview", "", token).status == 200);
    CHECK(served.ask("POST", "/v1/environments?name=preview", "", token).status == 409);
    // A name alone means the workspace, and its branches go with it.
    CHECK(served.ask("GET", "/v1/workspaces/preview", "", "p.eUSER.user").json()["id"] == other.json()["id"]);
    CHECK(served.get("/v1/user/workspaces").json()["workspaces"].size() == 4);
    CHECK(served.ask("DELETE", "/v1/workspaces/preview?hard_delete_confirmation=yes", "", "p.eUSER.user")
              .status == 200);
    CHECK(served.get("/v1/user/workspaces").json()["workspaces"].size() == 2);
    CHECK(served.get("/v0/environments/preview").status == 200);
}

namespace {

// What a branch that is made by this query of `POST /v1/environments` holds.
std::string rows_of_branch(Served& served, const std::string& name, const std::string& more) {
    const Asked made = served.post("/v1/environments?name=" + name + more);
    REQUIRE(made.status == 200);
    const std::string token = served.get("/v0/environments/" + name + "?with_token=true").json()["token"];
    const auto count = [&](const std::string& sql) {
        return served.ask("POST", "/v0/sql", sql + " FORMAT TSV", token).body;
    };
    const std::string rows = count("SELECT count(), toYear(min(at)) FROM events") +
                             count("SELECT count() FROM hourly") +
                             count("SELECT count() FROM events_quarantine");
    CHECK(served
              .ask("POST", "/v0/events?name=events&wait=true",
                   R"({"id":"z","at":"2026-01-01 00:00:00","cost":1})", token)
              .status == 200);
    return rows;
}

} // namespace

TEST_CASE("a branch begins with the resources of its workspace, and with as many rows as it asks for") {
    REQUIRE_ENGINE(library);
    Served served(library);
    std::vector<server::Datafile> files = small_project();
    file_of(files, "events.datasource").text += "ENGINE_PARTITION_KEY \"toYYYYMM(at)\"\n";
    REQUIRE(served.send("/v1/build", files).status == 200);
    const net::Fields form = {{"content-type", "application/x-www-form-urlencoded"}};
    REQUIRE(served.ask("POST", "/v0/variables", "name=salt&value=s", served.admin(), form).status == 200);
    REQUIRE(served
                .post("/v0/events?name=events&wait=true", R"({"id":"a","at":"2025-01-01 00:00:00","cost":1})"
                                                          "\n"
                                                          R"({"id":"b","at":"2026-02-01 00:00:00","cost":2})"
                                                          "\n"
                                                          R"({"id":"c","at":"2026-02-02 00:00:00","cost":3})"
                                                          "\n"
                                                          R"({"id":"d","at":"never","cost":4})")
                .status == 200);
    CHECK(rows_of_branch(served, "bare", "") == "0\t1970\n0\n0\n");
    CHECK(rows_of_branch(served, "last", "&data=last_partition") == "2\t2026\n3\n0\n");
    CHECK(rows_of_branch(served, "older", "&last_partition=1") == "2\t2026\n3\n0\n");
    CHECK(rows_of_branch(served, "whole", "&data=all_partitions") == "3\t2025\n3\n1\n");
    CHECK(served.post("/v1/environments?name=some&data=some").status == 400);
    CHECK(served.get("/v0/environments/some").status == 404);

    // It is a copy: what is done to it is done to it alone.
    CHECK(served.rows("SELECT count() AS n FROM events")[0]["n"] == 3);
    const std::string token = served.get("/v0/environments/whole?with_token=true").json()["token"];
    CHECK(served.get_as(token, "/v0/pipes/spend.json").json()["rows"] == 4);
    CHECK(served.get_as(token, "/v0/variables").json()["variables"][0]["name"] == "salt");
    const auto tracker = [&](const std::string& of) {
        const Json listed = served.get_as(of, "/v0/tokens").json();
        for (const Json& one : listed["tokens"]) {
            if (one["name"] == "tracker") {
                return one["token"].get<std::string>();
            }
        }
        return std::string();
    };
    CHECK_FALSE(tracker(token).empty());
    CHECK(tracker(token) != tracker(served.admin()));
    REQUIRE(served.ask("POST", "/v0/datasources/events/truncate", "", token).status < 300);
    CHECK(served.rows("SELECT count() AS n FROM events")[0]["n"] == 3);
}

TEST_CASE("variables are told without their values") {
    REQUIRE_ENGINE(library);
    Served served(library);
    const net::Fields form = {{"content-type", "application/x-www-form-urlencoded"}};
    CHECK(served.ask("POST", "/v0/variables", "name=salt&value=s3cr3t&type=secret", served.admin(), form)
              .status == 200);
    CHECK(served.ask("POST", "/v0/variables", "name=salt&value=s3cr3t", served.admin(), form).status == 409);
    const Asked listed = served.get("/v0/variables");
    CHECK(listed.json()["variables"][0]["name"] == "salt");
    CHECK(listed.body.find("s3cr3t") == std::string::npos);
    CHECK(served.ask("PUT", "/v0/variables/salt", "value=other", served.admin(), form).status == 200);
    CHECK(served.ask("PUT", "/v0/variables/none", "value=other", served.admin(), form).json()["error"] ==
          "Variable not found");
    CHECK(served.rows("% SELECT {{tb_secret('salt')}} AS salt") == Json::parse(R"([{"salt":"other"}])"));
    CHECK(served.ask("DELETE", "/v0/variables/salt", "", served.admin()).status == 200);
    CHECK(served.get("/v0/variables/salt").status == 404);
}

TEST_CASE("a token gives what its maker has, and goes when it is told to") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    const Asked made =
        served.post("/v0/tokens?name=reader&scope=PIPES:READ:spend&scope=DATASOURCES:READ:events");
    REQUIRE(made.status == 200);
    const std::string reader = made.json()["token"];
    CHECK(served.get_as(reader, "/v0/pipes/spend.json").status == 200);
    CHECK(served.get_as(reader, "/v0/sql?q=SELECT+count()+FROM+events").status == 200);
    CHECK(served.get_as(reader, "/v0/sql?q=SELECT+count()+FROM+hourly").status == 403);
    CHECK(served.get_as(reader, "/v0/tokens").status == 403);
    CHECK(served.ask("POST", "/v0/events?name=events", "{}", reader).status == 403);
    CHECK(served.get("/v0/tokens/nobody").status == 403);
    CHECK(served.get("/v0/tokens/dashboard").json()["scopes"][0]["type"] == "PIPES:READ"); // of the datafile
    CHECK(served.ask("DELETE", "/v0/tokens/reader", "", served.admin()).json()["ok"] == true);
    CHECK(served.get_as(reader, "/v0/pipes/spend.json").status == 403);
}

TEST_CASE("a JWT of the server reads its pipe with the parameters that it fixes") {
    REQUIRE_ENGINE(library);
    Served served(library);
    REQUIRE(served.send("/v1/build", small_project()).status == 200);
    REQUIRE(
        served.post("/v0/events?name=events&wait=true", R"({"id":"a","at":"2026-01-01 10:00:00","cost":5})")
            .status == 200);
    const Asked made = served.ask(
        "POST", "/v0/tokens/?expiration_time=9999999999",
        R"({"name":"j","scopes":[{"type":"PIPES:READ","resource":"spend","fixed_params":{"least":"100"}}]})",
        served.admin(), {{"content-type", "application/json"}});
    REQUIRE(made.status == 200);
    const std::string jwt = made.json()["token"];
    CHECK(served.get("/v0/pipes/spend.json?least=1").json()["rows"] == 1);
    CHECK(served.get_as(jwt, "/v0/pipes/spend.json?least=1").json()["rows"] == 0);
    CHECK(served.get_as(jwt, "/v0/sql?q=SELECT+1+FROM+events").status == 403);
}
