#include "codec/definitions.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

std::vector<std::string> names_of(const std::string& text, std::string& complaints) {
    SourceMap sources;
    Diagnostics problems;
    std::vector<std::string> names;
    for (const model::Pipe& pipe :
         codec::read_pipe_definition(sources.add("p.yaml", text), sources, problems)) {
        names.push_back(pipe.name);
    }
    complaints = render_text(problems, sources);
    return names;
}

} // namespace

TEST_CASE("for_each goes through every combination, the last name fastest") {
    std::string complaints;
    CHECK(names_of("for_each: {a: [x, y], b: [1, 2]}\npipe: p_<<a>>_<<b>>\nsql: SELECT 1\n", complaints) ==
          std::vector<std::string>{"p_x_1", "p_x_2", "p_y_1", "p_y_2"});
    CHECK(complaints.empty());
}

TEST_CASE("a thousand combinations are made, one more is refused") {
    std::string tens = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
    std::string complaints;
    const std::string body = "pipe: p<<a>><<b>><<c>>\nsql: SELECT 1\n";
    CHECK(names_of("for_each: {a: " + tens + ", b: " + tens + ", c: " + tens + "}\n" + body, complaints)
              .size() == 1'000);
    CHECK(complaints.empty());
    CHECK(names_of("for_each: {a: " + tens + ", b: " + tens + ", c: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}\n" +
                       body,
                   complaints)
              .empty());
    CHECK(complaints.find("F061") != std::string::npos);
}

TEST_CASE("without for_each nothing is rendered") {
    std::string complaints;
    CHECK(names_of("pipe: plain\ndescription: a << b >> c <% d %>\nsql: SELECT 1\n", complaints) ==
          std::vector<std::string>{"plain"});
    CHECK(complaints.empty());
}

TEST_CASE("a fault in a template is reported once, not once for each combination") {
    std::string complaints;
    CHECK(names_of("for_each: {a: [1, 2, 3]}\npipe: p_<<a>>\ndescription: <<nope>>\nsql: SELECT 1\n",
                   complaints)
              .empty());
    CHECK(complaints.find("p.yaml:3:") != std::string::npos);
    CHECK(complaints.find("p.yaml:3:", complaints.find("p.yaml:3:") + 1) == std::string::npos);
}

TEST_CASE("a rendered block loses its indentation and keeps its lines") {
    SourceMap sources;
    Diagnostics problems;
    const std::string text = "for_each: {a: [x]}\npipe: p\nnodes:\n  - name: n\n    sql: |\n\n      SELECT "
                             "<<a>>,\n\n        two\n";
    const std::vector<model::Pipe> pipes =
        codec::read_pipe_definition(sources.add("p.yaml", text), sources, problems);
    CHECK(render_text(problems, sources).empty());
    REQUIRE(pipes.size() == 1);
    const model::Node& node = pipes[0].nodes.at(0);
    CHECK(node.sql == "\nSELECT x,\n\n  two");
    REQUIRE(node.line_origins.size() == 4);
    CHECK(sources.locate(node.line_origins[3].span.source, node.line_origins[3].span.begin) ==
          LineColumn{9, 7});
}
