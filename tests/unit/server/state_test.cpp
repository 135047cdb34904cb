#include "served.hpp"
#include "server/state.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

TEST_CASE("a server that is started again knows its workspaces, tokens, variables and files") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    const std::filesystem::path state = folder.path() / "workspaces.json";
    std::string reader;
    {
        Served served(library, state);
        REQUIRE(served.send("/v1/build", small_project()).status == 200);
        reader = served.post("/v0/tokens?name=reader&scope=PIPES:READ:spend").json()["token"];
        REQUIRE(served
                    .ask("POST", "/v0/variables", "name=salt&value=v", served.admin(),
                         {{"content-type", "application/x-www-form-urlencoded"}})
                    .status == 200);
    }
    using std::filesystem::perms;
    CHECK((std::filesystem::status(state).permissions() & (perms::group_all | perms::others_all)) ==
          perms::none);
    Served again(library, state);
    CHECK(again.get("/v0/pipes?attrs=name").json()["pipes"].size() == 2);
    CHECK(again.get_as(reader, "/v0/pipes/spend").status == 200);
    CHECK(again.get("/v0/variables").json()["variables"].size() == 1);
}

TEST_CASE("a state that is damaged is refused, not begun anew") {
    const model::Config config;
    for (const char* text :
         {"", "{", "[]", R"({"version":2,"workspaces":[]})", R"({"version":1,"workspaces":[{"id":"a"}]})",
          R"({"version":1,"workspaces":7})"}) {
        INFO(text);
        CHECK_FALSE(server::read_state(text, config).ok());
    }
    CHECK(server::read_state(R"({"version":1,"workspaces":[]})", config).ok());
}
