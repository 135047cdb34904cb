#include "codec/definition_version.hpp"
#include "codec/definitions.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

std::string changed(std::string text, std::uint32_t version = 2) {
    SourceMap sources;
    const SourceId source = sources.add("pipes/top.yaml", std::move(text));
    return codec::with_version(source, sources, version).value_or("nothing");
}

std::string name_of(std::string text) {
    SourceMap sources;
    Diagnostics problems;
    const SourceId source = sources.add("pipes/top.yaml", std::move(text));
    const std::vector<model::Pipe> pipes = codec::read_pipe_definition(source, sources, problems);
    INFO(render_text(problems, sources));
    REQUIRE(pipes.size() == 1);
    REQUIRE_FALSE(problems.has_errors());
    return pipes.front().name;
}

} // namespace

TEST_CASE("a version that is there is replaced, and nothing else") {
    CHECK(changed("pipe: top\nversion: 2 # the second\nsql: SELECT 1\n", 3) ==
          "pipe: top\nversion: 3 # the second\nsql: SELECT 1\n");
    CHECK(changed("{pipe: top, version: 1, sql: SELECT 1}", 2) == "{pipe: top, version: 2, sql: SELECT 1}");
}

TEST_CASE("a version that is not there stands below the name, and every other byte stays") {
    CHECK(changed("# a comment\npipe: top # keep\nsql: SELECT 1\n") ==
          "# a comment\npipe: top # keep\nversion: 2\nsql: SELECT 1\n");
    CHECK(changed("sql: SELECT 1\npipe: top") == "sql: SELECT 1\npipe: top\nversion: 2\n");
    CHECK(changed("pipe: top\r\nsql: SELECT 1\r\n") == "pipe: top\r\nversion: 2\r\nsql: SELECT 1\r\n");
    CHECK(changed("  pipe: \"top\"\n  sql: SELECT 1\n") ==
          "  pipe: \"top\"\n  version: 2\n  sql: SELECT 1\n");
    CHECK(changed("{pipe: top, sql: SELECT 1}") == "{pipe: top, version: 2, sql: SELECT 1}");
}

TEST_CASE("what comes of it reads as the next version of the same pipe") {
    for (const char* text :
         {"pipe: top\nsql: SELECT 1\n", "sql: SELECT 1\npipe: top", "pipe: top\r\nsql: SELECT 1\r\n",
          "{pipe: top, sql: SELECT 1}", "pipe: top\nversion: 1\nsql: SELECT 1\n"}) {
        INFO(text);
        CHECK(name_of(text) == "top");
        CHECK(name_of(changed(text, 7)) == "top__v7");
    }
}

TEST_CASE("a text that is no definition of a pipe takes no version") {
    CHECK(changed("") == "nothing");
    CHECK(changed("- pipe: top\n") == "nothing");
    CHECK(changed("datasource: orders\n") == "nothing");
    CHECK(changed("pipe: [\n") == "nothing");
}
