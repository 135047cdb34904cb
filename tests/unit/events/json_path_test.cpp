#include "syntax/json_path.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::syntax;

namespace {

constexpr auto kElements = JsonPathStep::Kind::Elements;
constexpr auto kKey = JsonPathStep::Kind::Key;

JsonPath path(const std::string& text) {
    const Parsed<JsonPath> parsed = parse_json_path(text);
    INFO(text);
    REQUIRE(fault_of(parsed) == nullptr);
    return std::get<JsonPath>(parsed);
}

SyntaxFault fault(const std::string& text) {
    const Parsed<JsonPath> parsed = parse_json_path(text);
    INFO(text);
    REQUIRE(fault_of(parsed) != nullptr);
    return *fault_of(parsed);
}

} // namespace

TEST_CASE("a path is keys and at most one step into elements") {
    CHECK(path("$").steps.empty());
    CHECK(path("$.a.b").steps == std::vector<JsonPathStep>{{kKey, "a"}, {kKey, "b"}});
    CHECK(path("$[:]").steps == std::vector<JsonPathStep>{{kElements, ""}});
    CHECK(path("$.a[:].b").steps == std::vector<JsonPathStep>{{kKey, "a"}, {kElements, ""}, {kKey, "b"}});
    CHECK(path("$.a-b.c").steps == std::vector<JsonPathStep>{{kKey, "a-b"}, {kKey, "c"}});
    CHECK(path("$.['a b']").steps == std::vector<JsonPathStep>{{kKey, "a b"}});
    CHECK(path("$['$x'].é").steps == std::vector<JsonPathStep>{{kKey, "$x"}, {kKey, "é"}});
    CHECK(path(R"($.['it\'s'].["b.c"])").steps == std::vector<JsonPathStep>{{kKey, "it's"}, {kKey, "b.c"}});
}

TEST_CASE("a written path reads back as itself") {
    for (const char* text : {"$", "$.a.b", "$.a[:].b", "$.['a b']", R"($.['it\'s\\'])", "$[:]"}) {
        CHECK(write_json_path(path(text)) == text);
    }
    CHECK(write_json_path(path("$['a']")) == "$.a");
    CHECK(write_json_path({{{kKey, ""}}}) == "$.['']");
}

TEST_CASE("a path that ingestion does not know says where and why") {
    CHECK(fault("a.b") == SyntaxFault{0, "a path starts with `$`", "write `$.a.b`"});
    CHECK(fault("").message == "a path starts with `$`");
    CHECK(fault("$.").message == "a key is missing after `.`");
    CHECK(fault("$.a..b").offset == 4);
    CHECK(fault("$.a[0]") ==
          SyntaxFault{4, "an array has no index here", "write `[:]` for all elements, `['key']` for a key"});
    CHECK(fault("$.a[*]").message == "an array has no index here");
    CHECK(fault("$.a[:").message == "`[:` is not closed");
    CHECK(fault("$.a[:][:]").message == "the path has a second `[:]`");
    CHECK(fault("$.a b").message == "` ` stands where `.` or `[:]` is expected");
    CHECK(fault("$.['a").message == "a quoted key is not closed");
    CHECK(fault("$.['a'").message == "a quoted key is not closed");
    CHECK(fault("$" + std::string(5000, 'a')).message == "the path is longer than 4,096 bytes");
    std::string quoted = "$";
    for (int i = 0; i < 60; ++i) {
        quoted += "['" + std::string(63, ' ') + "']"; // 4,021 bytes, and 60 dots more when written
    }
    CHECK(fault(quoted + "['1234567890 2345']").message == "the path is longer than 4,096 bytes");
    std::string deep = "$";
    for (int i = 0; i < 65; ++i) {
        deep += ".a";
    }
    CHECK(fault(deep).message == "the path has more than 64 steps");
}
