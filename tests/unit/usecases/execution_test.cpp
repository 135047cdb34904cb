// The use cases of tests/usecases on the engine: the state before is built and filled, the derived steps run
// one by one while rows keep coming, and then rows and aggregates are exactly those that were put in.
#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/schema_steps.hpp"
#include "ops/migrate.hpp"
#include "ops/project.hpp"
#include "rows_file.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"
#include "target/embedded.hpp"
#include "target/plan.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <filesystem>
#include <variant>

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::RowsFile;

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatabase = "usecase";

std::vector<fs::path> cases_with_rows() {
    std::vector<fs::path> cases;
    for (const auto& entry : fs::directory_iterator(fs::path(BIRDHOUSE_SOURCE_DIR) / "tests" / "usecases")) {
        if (fs::exists(entry.path() / "rows.txt")) {
            cases.push_back(entry.path());
        }
    }
    std::sort(cases.begin(), cases.end());
    return cases;
}

model::Schema schema_of(const fs::path& folder) {
    const ops::OpenProject open = ops::open_project(folder);
    REQUIRE(open.usable());
    Diagnostics problems;
    model::Schema schema = ops::declared_schema(open, problems);
    REQUIRE(problems.empty());
    return schema;
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

class Engine {
public:
    explicit Engine(std::unique_ptr<target::SqlChannel> channel) : channel_(std::move(channel)) {
        run("CREATE DATABASE usecase");
        run("USE usecase");
        run("SET alter_sync = 2, mutations_sync = 2, date_time_input_format = 'best_effort'");
    }

    void run(const std::string& sql) {
        INFO(sql);
        const Result<void> done = channel_->execute(sql);
        const std::string failure = done ? "" : done.error().message;
        REQUIRE(failure.empty());
    }

    bool refuses(const std::string& sql) { return !channel_->execute(sql).ok(); }

    std::string answer(const std::string& sql) {
        const auto result = channel_->query(sql, "TSV", {});
        return result ? result->bytes : result.error().message;
    }

    // False: this build has no statements for the step.
    bool run_step(const model::StepAction& step, const model::Schema& schema) {
        const std::vector<target::Statement> statements = target::plan_step(step, schema, kDatabase);
        INFO(model::describe(step));
        if (statements.empty()) {
            REQUIRE(std::holds_alternative<model::RebuildDatasource>(step));
            return false;
        }
        for (const target::Statement& statement : statements) {
            const auto* rebuild = std::get_if<model::RebuildDatasource>(&step);
            run_statement(statement, rebuild == nullptr ? "" : rebuild->datasource);
        }
        return true;
    }

private:
    // Some statements are sent once for each partition of the table that is rebuilt.
    void run_statement(const target::Statement& statement, const std::string& table) {
        if (statement.sql.find("{partition:String}") == std::string::npos) {
            return run(statement.sql);
        }
        const std::string partitions = answer("SELECT DISTINCT partition_id FROM system.parts WHERE active "
                                              "AND database = 'usecase' AND table = " +
                                              target::string_literal(table) + " ORDER BY partition_id");
        for (const std::string_view partition : split(partitions, '\n')) {
            if (!partition.empty()) {
                const target::Parameter parameter{"partition", std::string(partition)};
                INFO(statement.sql);
                const auto done = channel_->query(statement.sql, "Null", std::span(&parameter, 1));
                REQUIRE(done.ok());
            }
        }
    }

    std::unique_ptr<target::SqlChannel> channel_;
};

void build(Engine& engine, const model::Schema& schema) {
    model::Schema empty;
    for (const model::StepAction& step : codec::derive_steps({}, schema).steps) {
        engine.run_step(step, empty);
        apply_step(step, empty);
    }
}

void run_all(Engine& engine, const std::vector<std::string>& statements) {
    for (const std::string& sql : statements) {
        engine.run(sql);
    }
}

void execute(Engine& engine, const RowsFile& rows, model::Schema before, model::Schema after) {
    without_kept_ttl(before, after);
    build(engine, before);
    run_all(engine, rows.before);
    model::SchemaDiff difference = codec::derive_steps(before, after);
    REQUIRE(difference.impossible.empty());
    model::Schema schema = before;
    for (model::StepAction& step : difference.steps) {
        if (auto* view = std::get_if<model::CreateMaterializedView>(&step)) {
            view->backfill = rows.backfill;
        }
        run_all(engine, rows.during);
        if (!engine.run_step(step, schema)) {
            WARN("skipped: no statements for `" + model::describe(step) + "`");
            return;
        }
        apply_step(step, schema);
    }
    run_all(engine, rows.after);
    for (const std::string& sql : rows.fails) {
        CHECK(engine.refuses(sql));
    }
    for (const birdhouse::testing::RowQuery& query : rows.queries) {
        INFO(query.sql);
        CHECK(engine.answer(query.sql) == query.expected);
    }
}

} // namespace

TEST_CASE("the steps of every use case keep rows and aggregates exact while rows keep coming") {
    REQUIRE_ENGINE(library);
    const std::vector<fs::path> cases = cases_with_rows();
    REQUIRE(cases.size() > 10);
    for (const fs::path& folder : cases) {
        DYNAMIC_SECTION(folder.filename().string()) {
            Result<std::unique_ptr<target::SqlChannel>> channel = target::open_scratch(library);
            REQUIRE(channel.ok());
            Engine engine(std::move(channel).value());
            execute(engine,
                    birdhouse::testing::read_rows_file(birdhouse::testing::read_text(folder / "rows.txt")),
                    schema_of(folder / "before"), schema_of(folder / "after"));
        }
    }
}
