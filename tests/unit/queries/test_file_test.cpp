#include "ops/run_parameters.hpp"
#include "ops/test_file.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

struct ReadTests {
    SourceMap sources;
    Diagnostics problems;
    std::vector<ops::PipeTest> tests;
};

void read(ReadTests& out, const std::string& text) {
    out.tests = ops::read_tests(out.sources.add("tests/top.yaml", text), out.sources, out.problems);
}

std::string record(const std::string& text, const std::string& result, std::int64_t status = 200) {
    ReadTests read_back;
    read(read_back, text);
    std::vector<ops::RecordedResult> results;
    for (const ops::PipeTest& test : read_back.tests) {
        results.push_back({&test, result, status});
    }
    return ops::with_results(text, results);
}

std::string query(std::string_view text) {
    const auto parsed = ops::parse_query_string(text);
    if (!parsed) {
        return parsed.error().message;
    }
    std::string out;
    for (const auto& [name, value] : *parsed) {
        out += name +
               (syntax::items_of(value) != nullptr ? " list" : "=" + std::string(*syntax::text_of(value)));
        out += ";";
    }
    return out;
}

} // namespace

TEST_CASE("a test holds a request and what must come back") {
    ReadTests file;
    read(file, "- name: one\n"
               "  description: of a kind\n"
               "  parameters: a=1&b=x%20y\n"
               "  expected_result: |\n"
               "    {\"n\":1}\n"
               "    {\"n\":2}\n"
               "\n"
               "- name: two\n"
               "  expected_result: {\"n\":3}\n"
               "  expected_http_status: 400\n"
               "- name: three\n");
    CHECK(file.problems.empty());
    REQUIRE(file.tests.size() == 3);
    CHECK(file.tests[0].parameters == "a=1&b=x%20y");
    CHECK(file.tests[0].expected_result == "{\"n\":1}\n{\"n\":2}");
    CHECK(file.tests[0].expected_status == 200);
    CHECK(file.tests[1].expected_result == "{\"n\":3}");
    CHECK(file.tests[1].expected_status == 400);
    CHECK(file.tests[2].expected_result == std::nullopt);
}

TEST_CASE("a file that is no list of tests is a problem, with its place") {
    ReadTests file;
    read(file, "name: one\n");
    ReadTests named;
    read(named, "- parameters: a=1\n- name: x\n- name: x\n- name: y\n  expected_results: ''\n"
                "  expected_http_status: bad\n- old: {sql: SELECT 1}\n");
    CHECK(render_text(file.problems, file.sources).find("error[F400]") != std::string::npos);
    const std::string problems = render_text(named.problems, named.sources);
    for (const std::string part :
         {"tests/top.yaml:1:3: error[F401]: a test has no name",
          "error[F402]: a test has no field `expected_results`", "did you mean `expected_result`?",
          "error[F402]: `bad` is not an HTTP status", "warning[F403]"}) {
        INFO(problems);
        CHECK(problems.find(part) != std::string::npos);
    }
}

TEST_CASE("recording changes the results and nothing else") {
    CHECK(record("# top\n- name: one # here\n  expected_result: |\n    {\"n\":1}\n\n# end\n",
                 "{\"n\":2}\n{\"n\":3}") ==
          "# top\n- name: one # here\n  expected_result: |\n    {\"n\":2}\n    {\"n\":3}\n\n# end\n");
    CHECK(record("- name: one\n  parameters: a=1", "{\"n\":2}") ==
          "- name: one\n  parameters: a=1\n  expected_result: |\n    {\"n\":2}");
    CHECK(record("-   expected_result: ''\n    name: one\n    expected_http_status: 200\n", "it is wrong",
                 400) == "-   expected_result: it is wrong\n    name: one\n    expected_http_status: 400\n");
    CHECK(record("- name: one\n  expected_result: |\n    {\"n\":1}\n", "") ==
          "- name: one\n  expected_result: ''\n");
}

TEST_CASE("what was recorded reads back as it was") {
    for (const std::string result :
         {"{\"n\":1}", "{\"a\":\"x: y # z\"}\n{\"a\":\"\"}", "a: message, with 'quotes'", "",
          "Template Syntax Error: expression \"x\" evaluated to null"}) {
        for (const std::string before :
             {"- name: one\n", "- name: one\n  expected_result: ''\n  parameters: a=1\n",
              "- name: zero\n  parameters: |\n    a=1\n- name: one\n  expected_result: >\n    {}\n\n\n- "
              "name: last\n"}) {
            ReadTests file;
            const std::string after = record(before, result);
            read(file, after);
            INFO(after);
            CHECK(file.problems.empty());
            for (const ops::PipeTest& test : file.tests) {
                CHECK(test.expected_result == result);
            }
        }
    }
}

TEST_CASE("a query string is taken apart as a server would") {
    CHECK(query("a=1&b=x%20y+z&c=&d") == "a=1;b=x y z;c=;d=;");
    CHECK(query("a=1&b=2&a=3") == "a list;b=2;");
    CHECK(query("") == "");
    CHECK(query("a=%C3%A9%26") == "a=é&;");
    CHECK(query("a=5%") == "`a=5%` holds a `%` without two hexadecimal digits");
}
