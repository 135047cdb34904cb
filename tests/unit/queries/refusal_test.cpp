#include "codec/pipe_query.hpp"
#include "ops/engine_problem.hpp"
#include "support/golden.hpp"
#include "unit/queries/query_case.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::QueryCase;
using birdhouse::testing::read_query_case;

TEST_CASE("what the engine says is said at its place in the pipe's file") {
    for (const auto& input : birdhouse::testing::golden_inputs("queries")) {
        if (input.extension() != ".refusal") {
            continue;
        }
        const QueryCase test =
            read_query_case(input.filename().string(), birdhouse::testing::read_text(input));
        const model::Pipe* pipe = model::find_pipe(test.project, test.pipe);
        REQUIRE(pipe != nullptr);
        Diagnostics problems;
        const auto render = [](const model::Node& written, Diagnostics&) {
            return codec::written_sql(written);
        };
        const std::optional<codec::MappedSql> query = codec::compose_query(
            test.project, *pipe, *model::result_node(*pipe), render, {test.database, {}}, problems);
        REQUIRE(query);
        CHECK(ops::report_refusal(Error{ExitCode::Failed, test.refused, {}}, *query, problems));
        birdhouse::testing::check_golden(input, render_text(problems, test.sources));
    }
}

TEST_CASE("an error that is not about the query stays as it is") {
    Diagnostics problems;
    CHECK_FALSE(ops::report_refusal(Error{ExitCode::Failed, "the engine is gone", {}}, {}, problems));
    CHECK(problems.empty());
}

TEST_CASE("a refusal that names nothing in the query has no place") {
    codec::MappedSql query;
    query.sql = "SELECT 1";
    for (const std::string message :
         {"", "`", "'unclosed", "failed at position 0", "failed at position 99999999999999999999999",
          "failed at position 900", "`nowhere` (1 X)", "`a..b`"}) {
        Diagnostics problems;
        CHECK(ops::report_refusal(Error{ExitCode::Failed, "the engine refused: " + message, {}}, query,
                                  problems));
        CHECK(problems.all()[0].message.starts_with("the engine refuses the query: "));
    }
}
