#include "case_engine.hpp"

#include "base/text.hpp"
#include "events/schema.hpp"
#include "ops/run.hpp"
#include "ops/send.hpp"
#include "target/sql_text.hpp"

#include <variant>

#include <catch2/catch.hpp>

namespace birdhouse::testing {

CaseEngine::CaseEngine(std::unique_ptr<target::SqlChannel> channel) : channel_(std::move(channel)) {
    run("CREATE DATABASE usecase");
    run("USE usecase");
    run("SET alter_sync = 2, mutations_sync = 2, date_time_input_format = 'best_effort'");
}

void CaseEngine::run(const std::string& sql) {
    INFO(sql);
    const Result<void> done = channel_->execute(sql);
    const std::string failure = done ? "" : done.error().message;
    REQUIRE(failure.empty());
}

void CaseEngine::run_step(const model::StepAction& step, const model::Schema& schema) {
    INFO(model::describe(step));
    const std::vector<target::Statement> statements = target::plan_step(step, schema, database_);
    REQUIRE((!statements.empty() || std::holds_alternative<model::SetJsonPath>(step))); // of ingestion alone
    for (const target::Statement& statement : statements) {
        const auto* rebuild = std::get_if<model::RebuildDatasource>(&step);
        run_statement(statement, rebuild == nullptr ? "" : rebuild->datasource);
    }
}

// Some statements are sent once for each partition of the table that is rebuilt.
void CaseEngine::run_statement(const target::Statement& statement, const std::string& table) {
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

void CaseEngine::act(const std::string& line, const CaseState& state) {
    INFO(line);
    const std::size_t word = line.find(' ');
    if (line.starts_with("copy ")) {
        copy(line.substr(word + 1), state.project);
    } else if (line.starts_with("events ")) {
        const std::size_t name = line.find(' ', word + 1);
        store_event(line.substr(word + 1, name - word - 1), line.substr(name + 1), state.schema);
    } else {
        run(line);
    }
}

void CaseEngine::store_event(std::string_view datasource, std::string_view event,
                             const model::Schema& schema) {
    const model::Datasource* table = model::find_datasource(schema, datasource);
    REQUIRE(table != nullptr);
    Diagnostics problems;
    const auto events = events::EventSchema::compile(*table, {}, {}, problems);
    REQUIRE(events);
    world_.in.clear();
    world_.in.str(std::string(event) + "\n");
    ops::SendOptions options;
    options.dead_letter = folder_.path() / "refused.ndjson";
    const auto sent = ops::send_events(*events, *this, options, session_);
    INFO((sent ? "" : sent.error().message));
    REQUIRE(sent);
    CHECK(sent->stored + sent->quarantined == 1);
}

// By the names of its columns, as the service copies.
void CaseEngine::copy(const std::string& pipe, const model::Project& project) {
    Diagnostics problems;
    const auto prepared = ops::prepare_run(project, ask(pipe), database_, {}, session_, problems);
    REQUIRE(prepared);
    const std::string& query = prepared->query.sql;
    const std::string described = answer("DESCRIBE (\n" + query + "\n)");
    std::string columns;
    for (const std::string_view line : split(trim(described), '\n')) {
        columns += (columns.empty() ? "" : ", ") + target::identifier(line.substr(0, line.find('\t')));
    }
    run("INSERT INTO " +
        target::qualified_name(database_, model::find_pipe(project, pipe)->target_datasource) + " (" +
        columns + ") SELECT " + columns + " FROM (\n" + query + "\n)");
}

std::string CaseEngine::answer(const std::string& sql) {
    const auto result = channel_->query(sql, "TSV", {});
    return result ? result->bytes : result.error().message;
}

std::string CaseEngine::answer_of_pipe(const ops::RunRequest& request, const model::Project& project) {
    Diagnostics problems;
    const auto outcome = ops::run_pipe(project, request, *this, session_, problems);
    return outcome ? outcome->output : outcome.error().message + "\n";
}

} // namespace birdhouse::testing
