#include "ops/migration_proof.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/migration_rebuild.hpp"
#include "target/sql_text.hpp"

namespace birdhouse::ops {

namespace {

void report_refusal(const PlannedMigration& planned, const PlannedStep& step, const Error& error,
                    Diagnostics& diagnostics) {
    diagnostics.add(codes::F223, step.origin.span,
                    "cannot " + model::describe(step.action) + " in " + backquoted(planned.migration->id) +
                        ": " + error.message,
                    error.hint);
}

Result<bool> replay(target::SqlChannel& scratch, const std::string& database, const PlannedMigration& planned,
                    Diagnostics& diagnostics, StepWatcher* watcher) {
    for (const PlannedStep& step : planned.steps) {
        if (watcher != nullptr) {
            TRY(watcher->before_step(step));
        }
        for (const target::Statement& statement : step.statements) {
            if (const Result<void> done = execute_alone(scratch, database, statement); !done) {
                report_refusal(planned, step, done.error(), diagnostics);
                return false;
            }
        }
        if (watcher != nullptr) {
            TRY(watcher->after_step(planned, step));
        }
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

Result<std::optional<ProvenMigration>> prove_one(target::SqlChannel& scratch, const std::string& database,
                                                 const PlannedMigration& planned, Diagnostics& diagnostics,
                                                 StepWatcher* watcher) {
    ProvenMigration proven{planned, {}};
    for (const PlannedStep& step : planned.steps) {
        if (watcher != nullptr) {
            TRY(watcher->before_step(step));
        }
        std::vector<ProvenStatement>& states = proven.steps.emplace_back();
        for (const target::Statement& statement : step.statements) {
            Result<ProvenStatement> noted = run_noting(scratch, database, statement);
            if (!noted) {
                report_refusal(planned, step, noted.error(), diagnostics);
                return std::optional<ProvenMigration>();
            }
            states.push_back(std::move(noted).value());
        }
        if (watcher != nullptr) {
            TRY(watcher->after_step(planned, step));
        }
    }
    return std::optional<ProvenMigration>(std::move(proven));
}

} // namespace

Result<void> prepare_scratch(target::SqlChannel& scratch, const std::string& database) {
    TRY(scratch.execute("CREATE DATABASE " + target::identifier(database)));
    return scratch.execute("USE " + target::identifier(database));
}

Result<bool> replay_on_engine(target::SqlChannel& scratch, const std::string& database,
                              std::span<const PlannedMigration> planned, Diagnostics& diagnostics,
                              StepWatcher* watcher) {
    if (watcher != nullptr) {
        TRY(watcher->before_steps());
    }
    for (const PlannedMigration& one : planned) {
        TRY_ASSIGN(const bool done, replay(scratch, database, one, diagnostics, watcher));
        if (!done) {
            return false;
        }
    }
    if (watcher != nullptr) {
        TRY(watcher->after_steps());
    }
    return true;
}

Result<std::optional<std::vector<ProvenMigration>>>
prove(target::SqlChannel& scratch, const std::string& database, std::span<const PlannedMigration> earlier,
      std::span<const PlannedMigration> pending, Diagnostics& diagnostics, StepWatcher* watcher) {
    using Proven = std::optional<std::vector<ProvenMigration>>;
    TRY_ASSIGN(const bool replayed, replay_on_engine(scratch, database, earlier, diagnostics));
    if (!replayed) {
        return Proven();
    }
    if (watcher != nullptr) {
        TRY(watcher->before_steps());
    }
    std::vector<ProvenMigration> proven;
    for (const PlannedMigration& planned : pending) {
        TRY_ASSIGN(std::optional<ProvenMigration> one,
                   prove_one(scratch, database, planned, diagnostics, watcher));
        if (!one) {
            return Proven();
        }
        proven.push_back(std::move(*one));
    }
    if (watcher != nullptr) {
        TRY(watcher->after_steps());
    }
    return Proven(std::move(proven));
}

} // namespace birdhouse::ops
