#include "ops/run.hpp"
#include "support/engine_library.hpp"
#include "target/embedded.hpp"
#include "unit/queries/query_case.hpp"
#include "unit/queries/run_world.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::ask;
using birdhouse::testing::QueryCase;
using birdhouse::testing::read_query_case;
using birdhouse::testing::RunWorld;

namespace {

struct ScratchTarget final : target::SqlTarget {
    explicit ScratchTarget(std::unique_ptr<target::SqlChannel> channel) : channel_(std::move(channel)) {}
    const std::string& name() const override { return name_; }
    const std::string& database() const override { return database_; }
    target::SqlChannel& channel() override { return *channel_; }

private:
    std::string name_ = "scratch";
    std::string database_ = "shop";
    std::unique_ptr<target::SqlChannel> channel_;
};

const std::string kProject =
    "datasource events id model\n"
    "pipe spend\n"
    "node totals\n"
    "    SELECT model, sum(cost) AS cost, count() AS requests\n"
    "    FROM events\n"
    "    GROUP BY model\n"
    "pipe top\n"
    "node known\n"
    "    WITH events AS (SELECT model FROM events) SELECT model FROM events\n"
    "node out\n"
    "    %\n"
    "    SELECT spend.model, s.requests, if(cost > 1, cost, NULL) AS cost\n"
    "    FROM spend AS s WHERE s.model IN known\n"
    "    {% if defined(model) %} AND model = {{String(model)}} {% end %}\n"
    "    ORDER BY requests DESC LIMIT {{Int32(top, 10)}}\n"
    "pipe wrong\n"
    "node inner\n"
    "    SELECT model,\n"
    "      price\n"
    "    FROM events\n"
    "node out\n"
    "    SELECT * FROM inner\n"
    "pipe broken\n"
    "node out\n"
    "    SELECT model\n"
    "    FROM events WHERE id = = 1\n"
    "pipe aside\n"
    "node out\n"
    "    SELECT c__error, id FROM events_quarantine WHERE id NOT IN events_quarantine\n"
    "pipe described\n"
    "node rows\n"
    "    SELECT model FROM events\n"
    "node out endpoint\n"
    "    DESCRIBE TABLE rows\n"
    "pipe secret\n"
    "node out\n"
    "    %\n"
    "    SELECT length({{tb_secret('salt')}}) AS n\n"
    "run top\n";

void fill(target::SqlChannel& channel) {
    for (const std::string_view sql :
         {"CREATE DATABASE shop", "USE shop",
          "CREATE TABLE shop.events (id String, model String, cost Float64) ENGINE = MergeTree ORDER BY id",
          "INSERT INTO shop.events VALUES ('1', 'flux', 0.25), ('2', 'gpt', 2), ('3', 'gpt', 1.5)"}) {
        REQUIRE(channel.execute(sql));
    }
}

std::string run(const QueryCase& test, const ops::RunRequest& request, target::SqlTarget& target,
                RunWorld& world) {
    Diagnostics problems;
    const Result<ops::RunOutcome> outcome =
        ops::run_pipe(test.project, request, target, world.session, problems);
    return outcome ? outcome->output : render_text(problems, test.sources) + outcome.error().message + "\n";
}

} // namespace

TEST_CASE("pipes run on the engine, and its complaints land in their files") {
    REQUIRE_ENGINE(library);
    Result<std::unique_ptr<target::SqlChannel>> channel = target::open_scratch(library);
    REQUIRE(channel);
    ScratchTarget target(std::move(channel).value());
    fill(target.channel());
    const QueryCase test = read_query_case("project", kProject);
    RunWorld world;
    world.environment.variables["BIRDHOUSE_SECRET_SALT"] = "it's\t1";

    CHECK(run(test, ask("top"), target, world) == "model  requests  cost\n"
                                                  "gpt           2   3.5\n"
                                                  "flux          1  NULL\n");
    CHECK(run(test, ask("top", {{"model", "flux"}}), target, world) == "model  requests  cost\n"
                                                                       "flux          1  NULL\n");
    CHECK(run(test, ask("top", {{"top", "1"}}, {}, ops::RunFormat::Ndjson), target, world) ==
          "{\"model\":\"gpt\",\"requests\":2,\"cost\":3.5}\n");
    CHECK(run(test, ask("top", {{"top", "1"}}, {}, ops::RunFormat::Csv), target, world) ==
          "\"model\",\"requests\",\"cost\"\n\"gpt\",2,3.5\n");
    const std::string json = run(test, ask("top", {{"top", "1"}}, {}, ops::RunFormat::Json), target, world);
    for (const std::string_view part :
         {"\"meta\"", "\"requests\": 2", "\"rows\": 1", "\"statistics\"", "\"rows_read\""}) {
        CHECK(json.find(part) != std::string::npos);
    }
    CHECK(run(test, ask("secret"), target, world) == "n\n6\n");
    CHECK(run(test, ask("aside"), target, world) == "c__error  id\n");
    CHECK(run(test, ask("described"), target, world).find("model  String") != std::string::npos);
    CHECK(run(test, ask("wrong"), target, world)
              .starts_with("project:19:7: error[T062]: the engine refuses the query: "
                           "Unknown expression identifier `price`"));
    const std::string broken = run(test, ask("broken"), target, world);
    INFO(broken);
    CHECK(broken.starts_with(
        "project:26:28: error[T062]: the engine refuses the query: Syntax error (62 SYNTAX_ERROR)\n"));
}
