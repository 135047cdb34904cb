// Tokens and hosts: where they are looked for, in which order, and what is refused.
#include "base/files.hpp"
#include "ops/credentials.hpp"
#include "ops/environment_file.hpp"
#include "ops/temporary_folder.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::ops;

namespace {

class GivenEnvironment final : public Environment {
public:
    explicit GivenEnvironment(std::map<std::string, std::string, std::less<>> values)
        : values_(std::move(values)) {}
    std::optional<std::string> get(std::string_view name) const override {
        const auto found = values_.find(name);
        return found == values_.end() ? std::nullopt : std::optional(found->second);
    }

private:
    std::map<std::string, std::string, std::less<>> values_;
};

struct Case {
    std::map<std::string, std::string, std::less<>> environment;
    std::string env_file;
    std::string tinyb;
    std::string host; // of birdhouse.yaml
};

Result<std::optional<TinybirdAccess>> find_access(const Case& given) {
    TRY_ASSIGN(const TemporaryFolder folder, TemporaryFolder::make());
    if (!given.env_file.empty()) {
        TRY(write_if_changed(folder.path() / ".env", given.env_file));
    }
    if (!given.tinyb.empty()) {
        TRY(write_if_changed(folder.path() / ".tinyb", given.tinyb));
    }
    return find_tinybird_access(GivenEnvironment(given.environment), folder.path(), {"eu-west", given.host});
}

// "TOKEN of SOURCE at HOST", "no token", or the error.
std::string told(const Case& given) {
    const auto found = find_access(given);
    if (!found) {
        return found.error().message;
    }
    return *found ? (*found)->token + " of " + (*found)->source + " at " + (*found)->host : "no token";
}

const std::string kTinyb = R"({"host": "https://api.us-east.tinybird.co", "token": "p.file", "id": "x"})";

} // namespace

TEST_CASE("the first place that has a token gives it") {
    const std::string env = "TINYBIRD_TOKEN_EU_WEST=p.5\nTB_TOKEN=p.6\n";
    const auto token = [](const Case& given) { return told(given).substr(0, told(given).find(" at ")); };
    CHECK(token({{{"TINYBIRD_TOKEN_EU_WEST", "p.1"}, {"TINYBIRD_TOKEN", "p.2"}}, env, kTinyb, ""}) ==
          "p.1 of TINYBIRD_TOKEN_EU_WEST");
    CHECK(token({{{"TINYBIRD_TOKEN", "p.2"}}, env, kTinyb, ""}) == "p.5 of TINYBIRD_TOKEN_EU_WEST of .env");
    CHECK(token({{{"TINYBIRD_TOKEN", "p.2"}, {"TB_TOKEN", "p.3"}}, "TB_TOKEN=p.6", kTinyb, ""}) ==
          "p.2 of TINYBIRD_TOKEN");
    CHECK(token({{{"TB_TOKEN", "p.3"}, {"TINYBIRD_API_KEY", "p.4"}}, "", kTinyb, ""}) == "p.3 of TB_TOKEN");
    CHECK(token({{{"TINYBIRD_API_KEY", "p.4"}}, "TINYBIRD_TOKEN=p.6", kTinyb, ""}) ==
          "p.4 of TINYBIRD_API_KEY");
    CHECK(token({{}, "TB_TOKEN=p.6", kTinyb, ""}) == "p.6 of TB_TOKEN of .env");
    CHECK(token({{}, "OTHER=1", kTinyb, ""}) == "p.file of .tinyb");
    CHECK(token({}) == "no token");
}

TEST_CASE("the first place that has a host gives it, and .tinyb's goes with its own token alone") {
    const auto host = [](const Case& given) { return told(given).substr(told(given).find(" at ") + 4); };
    const std::map<std::string, std::string, std::less<>> token = {{"TB_TOKEN", "p.1"}};
    const auto with = [&](const std::string& name, const std::string& value) {
        auto values = token;
        values[name] = value;
        return Case{values, "TINYBIRD_URL=https://file.example", kTinyb, ""};
    };
    CHECK(host(with("TB_HOST", "https://b.example/")) == "https://b.example");
    CHECK(host(with("TINYBIRD_API_URL", "https://c.example/v0/events?name=x")) == "https://c.example");
    CHECK(host(with("TINYBIRD_URL_EU_WEST", "http://localhost:7181")) == "http://localhost:7181");
    CHECK(host(with("A", "")) == "https://file.example");
    CHECK(host({token, "", kTinyb, "https://declared.example"}) == "https://declared.example");
    CHECK(host({token, "", kTinyb, ""}) == "https://api.tinybird.co");
    CHECK(host({{}, "", kTinyb, ""}) == "https://api.us-east.tinybird.co");
    CHECK(host({{}, "", kTinyb, "https://api.us-east.tinybird.co/"}) == "https://api.us-east.tinybird.co");
}

TEST_CASE("a token of .tinyb goes to no other host than the one beside it") {
    CHECK(told({{}, "", kTinyb, "https://api.tinybird.co"}) ==
          "the token of .tinyb is for https://api.us-east.tinybird.co, and target `eu-west` is at "
          "https://api.tinybird.co");
}

TEST_CASE("a variable that is set and empty switches a target off, whatever files say") {
    CHECK(told({{{"TINYBIRD_API_KEY", ""}}, "TB_TOKEN=p.6", kTinyb, ""}) == "no token");
    CHECK(told({{{"TINYBIRD_TOKEN_EU_WEST", " "}, {"TB_TOKEN", "p.1"}}, "", "", ""}) == "no token");
    CHECK(told({{{"TINYBIRD_TOKEN", ""}, {"TB_TOKEN", "p.1"}}, "", "", ""}) ==
          "p.1 of TB_TOKEN at https://api.tinybird.co");
}

TEST_CASE("a host that would give the token away is refused") {
    const auto with = [](const std::string& host) {
        return told({{{"TB_TOKEN", "p.1"}, {"TB_HOST", host}}, "", "", ""});
    };
    CHECK(with("http://api.tinybird.co") ==
          "the host `http://api.tinybird.co` of TB_HOST is not encrypted, and "
          "the token would be read on its way");
    CHECK(with("http://127.0.0.1.example.com").find("is not encrypted") != std::string::npos);
    CHECK(with("https://user:secret@api.tinybird.co") ==
          "the host `...` of TB_HOST holds a user or password");
    CHECK(with("api.tinybird.co") == "the host `api.tinybird.co` of TB_HOST does not begin with `https://`");
    CHECK(with("https:///v0") == "the host `https:///v0` of TB_HOST names no machine");
    CHECK(with("https://a b") == "the host `https://a b` of TB_HOST names no machine");
    for (const char* near : {"http://127.0.0.1:1", "http://[::1]:7181", "http://tinybird-local:7181"}) {
        CHECK(with(near) == std::string("p.1 of TB_TOKEN at ") + near);
    }
}

TEST_CASE("a token that would end a header line is refused, and not printed") {
    const std::string error = told({{{"TB_TOKEN", "p.1\r\nHost: x"}}, "", "", ""});
    CHECK(error == "the token of TB_TOKEN holds signs that no token has");
    CHECK(told({{{"TB_TOKEN", "p.1\n"}}, "", "", ""}) == "p.1 of TB_TOKEN at https://api.tinybird.co");
}

TEST_CASE("a .tinyb that is not what it should be is said to be so") {
    CHECK(told({{}, "", "[1]", ""}).ends_with(".tinyb` is not the JSON of Tinybird's client"));
    CHECK(told({{}, "", R"({"token": 7})", ""}) == "no token");
}

TEST_CASE("variables of a file, as other tools read them") {
    const Variables read = parse_environment_file("# a comment\n"
                                                  "A=1\r\n"
                                                  "export B = two words # and a comment\n"
                                                  "C='it''s'\n"
                                                  "D=\"a # b\" # c\n"
                                                  "E=\n"
                                                  "F=#1\n"
                                                  "not a line\n"
                                                  "=x\n"
                                                  "A=2\n");
    CHECK(read ==
          Variables{{"A", "2"}, {"B", "two words"}, {"C", "it"}, {"D", "a # b"}, {"E", ""}, {"F", ""}});
}

TEST_CASE("stars stand for a token that came back") {
    CHECK(redacted("the token p.1 is not known: p.1", "p.1") == "the token *** is not known: ***");
    CHECK(redacted("text", "") == "text");
}
