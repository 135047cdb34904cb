#include "server/access.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::server;

TEST_CASE("scopes read and print as the service writes them") {
    for (const char* text : {"ADMIN", "TOKENS", "DATASOURCES:CREATE", "DATASOURCES:APPEND:events",
                             "PIPES:READ:top", "WORKSPACE:READ_ALL", "DATASOURCES:READ:events:id = 'a'"}) {
        const auto scope = parse_scope(text);
        REQUIRE(scope);
        CHECK(to_string(*scope) == text);
    }
    for (const char* text :
         {"", "admin", "PIPES", "PIPES:READS:x", "DATASOURCES:READ:events:", "DATASOURCES:READ::id = 'a'",
          "PIPES:READ:top:id = 'a'", "DATASOURCES:APPEND:events:id = 'a'"}) {
        CHECK_FALSE(parse_scope(text));
    }
}

TEST_CASE("a token may do what its scopes say and nothing else") {
    const Access append({*parse_scope("DATASOURCES:APPEND:events")});
    CHECK(append.may(ScopeKind::DatasourcesAppend, "events"));
    CHECK_FALSE(append.may(ScopeKind::DatasourcesAppend, "others"));
    CHECK_FALSE(append.may(ScopeKind::DatasourcesRead, "events"));
    CHECK_FALSE(append.is_admin());
    const Access reads({*parse_scope("WORKSPACE:READ_ALL")});
    CHECK(reads.may(ScopeKind::PipesRead, "any"));
    CHECK_FALSE(reads.may(ScopeKind::DatasourcesAppend, "any"));
    CHECK(Access({*parse_scope("ADMIN")}).may(ScopeKind::PipesDrop, "any"));
}

TEST_CASE("a JWT is read with its key, before its end, and by its own way of signing alone") {
    const std::string claims =
        R"({"workspace_id":"w","name":"n","exp":2000,)"
        R"("scopes":[{"type":"PIPES:READ","resource":"top","fixed_params":{"user":"ann","n":3}}]})";
    const std::string token = sign_jwt(claims, "key");
    const auto read = read_jwt(token, "key", 1999);
    REQUIRE(read.ok());
    CHECK(read->workspace_id == "w");
    REQUIRE(read->scopes.size() == 1);
    CHECK(read->scopes.front().fixed_parameters ==
          std::vector<std::pair<std::string, std::string>>{{"user", "ann"}, {"n", "3"}});
    CHECK(workspace_of_jwt(token) == "w");
    CHECK_FALSE(read_jwt(token, "other", 1999).ok());
    CHECK_FALSE(read_jwt(token, "key", 2000).ok());
    CHECK_FALSE(read_jwt(token.substr(0, token.size() - 1), "key", 1999).ok());
    CHECK_FALSE(read_jwt("a.b", "key", 1999).ok());
    // {"alg":"none"} and no signature
    const std::string body = token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
    CHECK_FALSE(read_jwt("eyJhbGciOiJub25lIn0." + body + ".", "key", 1999).ok());
}

TEST_CASE("a JWT gives no admin, and nothing for a scope that is not served") {
    const auto with_scope = [](const std::string& scope) {
        return read_jwt(sign_jwt(R"({"workspace_id":"w","exp":2000,"scopes":[)" + scope + "]}", "key"), "key",
                        1);
    };
    CHECK_FALSE(with_scope(R"({"type":"ADMIN"})").ok());
    CHECK_FALSE(with_scope(R"({"type":"DATASOURCES:READ","filter":"id = 'a'"})").ok());
    CHECK_FALSE(with_scope(R"({"type":"DATASOURCES:READ","resource":"e","filter":7})").ok());
    CHECK_FALSE(with_scope(R"({"type":"DATASOURCES:READ","resource":"e","filter":""})").ok());
    CHECK_FALSE(with_scope(R"({"type":"PIPES:READ","resource":"p","filter":"id = 'a'"})").ok());
    CHECK_FALSE(with_scope(R"({"type":"DATASOURCES:READ:e","filter":"id = 'a'"})").ok());
    CHECK(with_scope(R"({"type":"DATASOURCES:READ","resource":"e","filter":"id = 'a'"})")
              ->scopes.front()
              .filter == "id = 'a'");
    CHECK_FALSE(with_scope("7").ok());
    CHECK(with_scope(R"({"type":"PIPES:READ","resource":"p"})").ok());
}

TEST_CASE("filters give the rows of each, and a scope without one gives all") {
    const Scope a = *parse_scope("DATASOURCES:READ:events:id = 'a'");
    const Scope b = *parse_scope("DATASOURCES:READ:events:id = 'b' -- or so");
    CHECK(Access({a}).row_filter("events") == "(id = 'a'\n)");
    CHECK(Access({a, b}).row_filter("events") == "(id = 'a'\n) OR (id = 'b' -- or so\n)");
    CHECK(Access({a}).row_filter("others").empty());
    CHECK(Access({a, *parse_scope("DATASOURCES:READ:events")}).row_filter("events").empty());
    CHECK(Access({a, *parse_scope("DATASOURCES:READ")}).row_filter("events").empty());
    CHECK(Access({a, *parse_scope("WORKSPACE:READ_ALL")}).row_filter("events").empty());
    CHECK(Access({a, *parse_scope("ADMIN")}).row_filter("events").empty());
}
