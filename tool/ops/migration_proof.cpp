#include "ops/migration_proof.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/migration_rebuild.hpp"
#include "target/sql_text.hpp"

#include <functional>

namespace birdhouse::ops {

namespace {

void report_refusal(const PlannedMigration& planned, const PlannedStep& step, const Error& error,
                    Diagnostics& diagnostics) {
    diagnostics.add(codes::F223, step.origin.span,
                    "cannot " + model::describe(step.action) + " in " + backquoted(planned.migration->id) +
                        ": " + error.message,
                    error.hint);
}

// A statement of a step, both by number.
using Execute =
    std::function<Result<void>(std::size_t migration, std::size_t step, const target::Statement& statement)>;

// False once a statement was refused.
Result<bool> run_all(std::span<const PlannedMigration> planned, Diagnostics& diagnostics,
                     StepWatcher* watcher, const Execute& execute) {
    if (watcher != nullptr) {
        TRY(watcher->before_steps());
    }
    for (std::size_t m = 0; m < planned.size(); ++m) {
        for (std::size_t s = 0; s < planned[m].steps.size(); ++s) {
            const PlannedStep& step = planned[m].steps[s];
            if (watcher != nullptr) {
                TRY(watcher->before_step(step));
            }
            for (const target::Statement& statement : step.statements) {
                if (const Result<void> done = execute(m, s, statement); !done) {
                    report_refusal(planned[m], step, done.error(), diagnostics);
                    return false;
                }
            }
            if (watcher != nullptr) {
                TRY(watcher->after_step(planned[m], step));
            }
        }
    }
    if (watcher != nullptr) {
        TRY(watcher->after_steps());
    }
    return true;
}

Result<ProvenStatement> run_noting(target::SqlChannel& scratch, const std::string& database,
                                   const target::Statement& statement) {
    TRY_ASSIGN(std::optional<target::TableState> before,
               target::read_table(scratch, database, statement.object));
    TRY(execute_alone(scratch, database, statement));
    TRY_ASSIGN(std::optional<target::TableState> after,
               target::read_table(scratch, database, statement.object));
    return ProvenStatement{std::move(before), std::move(after)};
}

} // namespace

Result<void> prepare_scratch(target::SqlChannel& scratch, const std::string& database) {
    TRY(scratch.execute("CREATE DATABASE " + target::identifier(database)));
    return scratch.execute("USE " + target::identifier(database));
}

Result<bool> replay_on_engine(target::SqlChannel& scratch, const std::string& database,
                              std::span<const PlannedMigration> planned, Diagnostics& diagnostics,
                              StepWatcher* watcher) {
    return run_all(planned, diagnostics, watcher,
                   [&](std::size_t, std::size_t, const target::Statement& statement) {
                       return execute_alone(scratch, database, statement);
                   });
}

Result<std::optional<std::vector<ProvenMigration>>>
prove(target::SqlChannel& scratch, const std::string& database, std::span<const PlannedMigration> earlier,
      std::span<const PlannedMigration> pending, Diagnostics& diagnostics, StepWatcher* watcher) {
    using Proven = std::optional<std::vector<ProvenMigration>>;
    TRY_ASSIGN(const bool replayed, replay_on_engine(scratch, database, earlier, diagnostics));
    if (!replayed) {
        return Proven();
    }
    std::vector<ProvenMigration> proven;
    for (const PlannedMigration& planned : pending) {
        proven.push_back({planned, std::vector<std::vector<ProvenStatement>>(planned.steps.size())});
    }
    const auto note = [&](std::size_t migration, std::size_t step,
                          const target::Statement& statement) -> Result<void> {
        TRY_ASSIGN(ProvenStatement states, run_noting(scratch, database, statement));
        proven[migration].steps[step].push_back(std::move(states));
        return {};
    };
    TRY_ASSIGN(const bool done, run_all(pending, diagnostics, watcher, note));
    return done ? Proven(std::move(proven)) : Proven();
}

} // namespace birdhouse::ops
