#include "base/codes.hpp"
#include "codec/node_rendering.hpp"
#include "ops/run.hpp"
#include "unit/queries/query_case.hpp"
#include "unit/queries/run_world.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::ask;
using birdhouse::testing::PlaybackTarget;
using birdhouse::testing::QueryCase;
using birdhouse::testing::read_query_case;
using birdhouse::testing::RunWorld;

namespace {

const std::string kProject = "datasource events id model\n"
                             "pipe top\n"
                             "node all\n"
                             "    SELECT id, model FROM events\n"
                             "node out\n"
                             "    %\n"
                             "    SELECT model FROM all\n"
                             "    WHERE model = {{String(model, 'flux')}} LIMIT {{Int32(top, 10)}}\n"
                             "pipe secret\n"
                             "node out\n"
                             "    %\n"
                             "    SELECT {{tb_secret('salt-1')}} AS salt\n"
                             "run top in shop\n";

Result<ops::PreparedRun> prepare(const ops::RunRequest& request, const RunWorld& world,
                                 Diagnostics& problems) {
    const QueryCase test = read_query_case("project", kProject);
    return ops::prepare_run(test.project, request, "shop", {}, world.session, problems);
}

std::string failure(const ops::RunRequest& request) {
    const RunWorld world;
    Diagnostics problems;
    const Result<ops::PreparedRun> prepared = prepare(request, world, problems);
    return prepared ? prepared->query.sql : prepared.error().message + " / " + prepared.error().hint;
}

} // namespace

TEST_CASE("a name that is no pipe gets the nearest pipe, or what it is instead") {
    CHECK(failure(ask("topp")) == "no pipe is called `topp` / did you mean `top`?");
    CHECK(failure(ask("spending")) == "no pipe is called `spending` / the project has 2 pipes");
    CHECK(failure(ask("events")) ==
          "`events` is a datasource, and `run` takes pipes / write a pipe that reads it");
    CHECK(failure(ask("top", {}, "al")) == "pipe `top` has no node `al` / did you mean `all`?");
    CHECK(failure(ask("top", {}, "totals")) == "pipe `top` has no node `totals` / it has `all`, `out`");
}

TEST_CASE("a parameter is a name and a value") {
    const auto read = [](std::string_view text) {
        const auto parameter = ops::parse_parameter(text);
        return parameter ? parameter->first + "|" + parameter->second : parameter.error().message;
    };
    CHECK(read("a=b") == "a|b");
    CHECK(read("a=") == "a|");
    CHECK(read("a=b=c") == "a|b=c");
    CHECK(read("start") == "the parameter `start` is not of the form name=value");
    CHECK(read("=x") == "the parameter `=x` is not of the form name=value");
}

TEST_CASE("a format has one of four names") {
    CHECK(ops::parse_run_format("ndjson") == ops::RunFormat::Ndjson);
    CHECK(ops::parse_run_format("table") == ops::RunFormat::Table);
    CHECK_FALSE(ops::parse_run_format("xml"));
}

TEST_CASE("parameters are rendered into the SQL and strangers among them are named") {
    const RunWorld world;
    Diagnostics problems;
    const auto prepared =
        prepare(ask("top", {{"model", "it's"}, {"topp", "5"}, {"x", "1"}}), world, problems);
    REQUIRE(prepared);
    CHECK(prepared->query.sql ==
          "SELECT model FROM (SELECT id, model FROM `shop`.`events` AS events) AS all\n"
          "WHERE model = 'it\\'s' LIMIT toInt32('10')");
    CHECK(prepared->notices ==
          std::vector<std::string>{"nothing in `top` reads the parameter `topp`; did you mean `top`?",
                                   "nothing in `top` reads the parameter `x`"});
}

TEST_CASE("a place behind a template's tags leads back to its line") {
    const QueryCase test = read_query_case("project", kProject);
    const RunWorld world;
    Diagnostics problems;
    const auto prepared = ops::prepare_run(test.project, ask("top", {{"model", "a longer name"}}), "shop", {},
                                           world.session, problems);
    REQUIRE(prepared);
    const auto place = [&](std::string_view text) {
        const std::size_t at = prepared->query.sql.find(text);
        const Span span = prepared->query.source_of(at, at + text.size());
        const LineColumn where = test.sources.locate(span.source, span.begin);
        return std::to_string(where.line) + ":" + std::to_string(where.column) + " " +
               std::string(test.sources.slice(span));
    };
    CHECK(place("WHERE") == "8:5 WHERE");
    CHECK(place("longer") == "8:19 {{String(model, 'flux')}}");
    CHECK(place("LIMIT") == "8:45 LIMIT");
    CHECK(place("toInt32") == "8:51 {{Int32(top, 10)}}");
    CHECK(place("id, model") == "4:12 id, model");
}

TEST_CASE("a parameter that does not fit is reported at its tag in the pipe") {
    const QueryCase test = read_query_case("project", kProject);
    const RunWorld world;
    Diagnostics problems;
    const auto prepared =
        ops::prepare_run(test.project, ask("top", {{"top", "many"}}), "shop", {}, world.session, problems);
    REQUIRE_FALSE(prepared);
    CHECK(prepared.error().code == ExitCode::Problems);
    CHECK(prepared.error().message == "pipe `top` cannot be run as it stands");
    REQUIRE(problems.all().size() == 1);
    CHECK(problems.all()[0].message.find("many") != std::string::npos);
    const Span place = problems.all()[0].labels.at(0).span;
    CHECK(test.sources.locate(place.source, place.begin).line == 8);
}

TEST_CASE("a secret is bound and never written") {
    RunWorld world;
    world.environment.variables["BIRDHOUSE_SECRET_SALT_1"] = "tab\there";
    Diagnostics problems;
    const auto prepared = prepare(ask("secret"), world, problems);
    REQUIRE(prepared);
    CHECK(prepared->query.sql.find("here") == std::string::npos);
    REQUIRE(prepared->secrets.size() == 1);
    CHECK(prepared->secrets[0].name == "salt-1");
    CHECK(prepared->secrets[0].value == "tab\\there");
    const auto missing = prepare(ask("secret"), RunWorld(), problems);
    CHECK_FALSE(missing);
    CHECK(problems.errors() == 1);
}

TEST_CASE("secret names are found wherever a literal names them") {
    using Names = std::set<std::string>;
    CHECK(codec::secret_names("{{tb_secret('a')}} {% if tb_var ( \"b\" , 'x') %}") == Names{"a", "b"});
    CHECK(codec::secret_names("tb_secret tb_secret( tb_secret('x\ny') tb_var('") == Names{});
}

TEST_CASE("a run asks for its rows in the format's own form") {
    const QueryCase test = read_query_case("project", kProject);
    const RunWorld world;
    Diagnostics problems;
    PlaybackTarget target;
    target.answer = target::QueryResult{
        R"({"meta":[{"name":"model","type":"String"}],"data":[["flux"]],"rows":1})", 0.5, 42, 0};
    const auto table = ops::run_pipe(test.project, ask("top"), target, world.session, problems);
    REQUIRE(table);
    CHECK(table->output == "model\nflux\n");
    CHECK(table->rows == 1);
    CHECK(table->rows_read == 42);
    REQUIRE(target.asked.size() == 2);
    CHECK(target.asked[0].sql.find("output_format_json_quote_64bit_integers = 1") != std::string::npos);
    CHECK(target.asked[1].format == "JSONCompact");

    target.asked.clear();
    target.answer = target::QueryResult{"{\"model\":\"flux\"}\n", 0, 0, 0};
    const ops::RunRequest ndjson = ask("top", {}, {}, ops::RunFormat::Ndjson);
    const auto lines = ops::run_pipe(test.project, ndjson, target, world.session, problems);
    REQUIRE(lines);
    CHECK(lines->output == "{\"model\":\"flux\"}\n");
    CHECK_FALSE(lines->rows);
    CHECK(target.asked[0].sql.find("output_format_json_quote_64bit_integers = 0") != std::string::npos);
    CHECK(target.asked[1].format == "JSONEachRow");
}

TEST_CASE("a refused query is a problem of the pipe, a lost engine a failed run") {
    const QueryCase test = read_query_case("project", kProject);
    const RunWorld world;
    PlaybackTarget target;
    Diagnostics problems;
    target.answer =
        Error{ExitCode::Failed, "the engine refused: Unknown identifier `model` (47 UNKNOWN_IDENTIFIER)", {}};
    const auto refused = ops::run_pipe(test.project, ask("top"), target, world.session, problems);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ExitCode::Problems);
    REQUIRE(problems.all().size() == 1);
    CHECK(problems.all()[0].code == &codes::T062);
    target.answer = Error{ExitCode::Failed, "the engine is gone", {}};
    const auto lost = ops::run_pipe(test.project, ask("top"), target, world.session, problems);
    REQUIRE_FALSE(lost);
    CHECK(lost.error().code == ExitCode::Failed);
    CHECK(lost.error().message == "the engine is gone");
}

TEST_CASE("a quarantine table is asked for once a query reads it") {
    const QueryCase test = read_query_case("project", "datasource events id\n"
                                                      "pipe bad\n"
                                                      "node out\n"
                                                      "    SELECT id FROM events_quarantine\n"
                                                      "run bad\n");
    const RunWorld world;
    Diagnostics problems;
    PlaybackTarget target;
    target.answer = target::QueryResult{R"({"meta":[],"data":[]})", 0, 0, 0};
    REQUIRE(ops::run_pipe(test.project, ask("bad"), target, world.session, problems));
    CHECK(target.asked[0].parameters == std::vector<std::pair<std::string, std::string>>{
                                            {"database", "shop"}, {"table", "events_quarantine"}});
    CHECK(target.asked[2].sql.find("FROM null('") != std::string::npos);
    target.asked.clear();
    target.tables = "1\n";
    REQUIRE(ops::run_pipe(test.project, ask("bad"), target, world.session, problems));
    CHECK(target.asked[2].sql == "SELECT id FROM `shop`.`events_quarantine` AS events_quarantine");
}
