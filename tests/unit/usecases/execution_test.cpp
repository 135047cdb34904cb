// The use cases of tests/usecases on the engine: the state before is built and filled, the derived steps run
// one by one while rows keep coming, and then rows and aggregates are exactly those that were put in.
#include "base/files.hpp"
#include "case_engine.hpp"
#include "codec/schema_steps.hpp"
#include "ops/migrate.hpp"
#include "ops/project.hpp"
#include "rows_file.hpp"
#include "support/engine_library.hpp"
#include "target/embedded.hpp"

#include <algorithm>
#include <filesystem>
#include <variant>

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::CaseEngine;
using birdhouse::testing::RowQuestion;
using birdhouse::testing::RowsFile;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> use_cases() {
    std::vector<fs::path> cases;
    for (const auto& entry : fs::directory_iterator(fs::path(BIRDHOUSE_SOURCE_DIR) / "tests" / "usecases")) {
        if (entry.is_directory()) {
            cases.push_back(entry.path());
        }
    }
    std::sort(cases.begin(), cases.end());
    return cases;
}

struct State {
    ops::OpenProject open;
    model::Schema schema;
    const model::Project& project() const { return open.project; }
};

State state_of(const fs::path& folder) {
    State state{ops::open_project(folder), {}};
    REQUIRE(state.open.usable());
    Diagnostics problems;
    state.schema = ops::declared_schema(state.open, problems);
    REQUIRE(problems.empty());
    return state;
}

// Rows of the cases are older than any TTL that does not itself change.
void without_kept_ttl(model::Schema& before, model::Schema& after) {
    for (model::Datasource& old : before.datasources) {
        for (model::Datasource& now : after.datasources) {
            if (now.name == old.name && now.engine.ttl == old.engine.ttl) {
                now.engine.ttl.clear();
                old.engine.ttl.clear();
            }
        }
    }
}

void build(CaseEngine& engine, const model::Schema& schema) {
    model::Schema empty;
    for (const model::StepAction& step : codec::derive_steps({}, schema).steps) {
        engine.run_step(step, empty);
        apply_step(step, empty);
    }
}

void act(CaseEngine& engine, const std::vector<std::string>& lines, const testing::CaseState& state) {
    for (const std::string& line : lines) {
        engine.act(line, state);
    }
}

void ask(CaseEngine& engine, const RowsFile& rows, bool before, const model::Project& project) {
    for (const RowQuestion& question : rows.questions) {
        if (question.before != before) {
            continue;
        }
        INFO(question.sql << question.pipe << (before ? " before" : " after"));
        const std::string answer =
            question.pipe.empty()
                ? engine.answer(question.sql)
                : engine.answer_of_pipe(
                      testing::ask(question.pipe, question.parameters, {}, ops::RunFormat::Csv), project);
        CHECK(answer == question.expected);
    }
}

void execute(CaseEngine& engine, const RowsFile& rows, State before, State after) {
    without_kept_ttl(before.schema, after.schema);
    build(engine, before.schema);
    model::Schema schema = before.schema;
    act(engine, rows.before, {schema, before.project()});
    ask(engine, rows, true, before.project());
    model::SchemaDiff difference = codec::derive_steps(before.schema, after.schema);
    CHECK(difference.impossible.empty() == !rows.refused);
    if (rows.refused || difference.steps.empty()) {
        act(engine, rows.during, {schema, before.project()});
        difference.steps.clear();
    }
    for (model::StepAction& step : difference.steps) {
        if (auto* view = std::get_if<model::CreateMaterializedView>(&step)) {
            view->backfill = rows.backfill;
        }
        act(engine, rows.during, {schema, before.project()});
        engine.run_step(step, schema);
        apply_step(step, schema);
    }
    act(engine, rows.after, {schema, after.project()});
    for (const std::string& sql : rows.fails) {
        CHECK(engine.refuses(sql));
    }
    ask(engine, rows, false, rows.refused ? before.project() : after.project());
}

} // namespace

TEST_CASE("the steps of every use case keep rows and aggregates exact while rows keep coming") {
    REQUIRE_ENGINE(library);
    const std::vector<fs::path> cases = use_cases();
    REQUIRE(cases.size() > 40);
    for (const fs::path& folder : cases) {
        DYNAMIC_SECTION(folder.filename().string()) {
            Result<std::unique_ptr<target::SqlChannel>> channel = target::open_scratch(library);
            REQUIRE(channel.ok());
            CaseEngine engine(std::move(channel).value());
            const RowsFile rows = testing::read_rows_file(testing::read_text(folder / "rows.txt"));
            CHECK_FALSE(rows.before.empty());
            CHECK_FALSE(rows.questions.empty());
            execute(engine, rows, state_of(folder / "before"), state_of(folder / "after"));
        }
    }
}
