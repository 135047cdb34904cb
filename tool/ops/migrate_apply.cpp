// `migrate plan` and `migrate apply`: the same way up to the point where the target is changed.
#include "base/text.hpp"
#include "ops/confirmation.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_lock.hpp"
#include "ops/migration_target.hpp"
#include "target/distributed_ddl.hpp"
#include "target/ledger_copy.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

constexpr int kAttempts = 10; // each after another run has changed the target in between

// Everything that is known before the target is opened for writing.
struct Prepared {
    TargetRecord record;
    Division division;
    std::vector<ProvenMigration> proven;
};

Result<std::optional<Prepared>> prepare(const OpenProject& project, Session& session,
                                        const std::string& target, const std::string& up_to,
                                        const RunOptions& options, Diagnostics& problems) {
    Prepared prepared;
    TRY_ASSIGN(prepared.record, read_record(project, session, target, options.lock_wait));
    TRY_ASSIGN(const std::vector<SumProblem> integrity,
               integrity_problems(project, session, prepared.record.progress));
    TRY(refuse_unless_intact(integrity));
    TRY_ASSIGN(std::optional<Division> division, divide(project, prepared.record, up_to, problems));
    if (!division) {
        return std::optional<Prepared>();
    }
    prepared.division = std::move(*division);
    if (!prepared.division.pending.empty()) {
        TRY_ASSIGN(std::optional<std::vector<ProvenMigration>> proven,
                   prove_in_memory(project, session, prepared.record.database, prepared.division,
                                   options.canary ? CanaryUse::Fly : CanaryUse::Stay, problems));
        if (!proven) {
            return std::optional<Prepared>();
        }
        prepared.proven = std::move(*proven);
    }
    return std::optional<Prepared>(std::move(prepared));
}

bool destroys_something(std::span<const PlannedMigration> planned) {
    return std::any_of(planned.begin(), planned.end(), [](const PlannedMigration& migration) {
        return std::any_of(migration.steps.begin(), migration.steps.end(),
                           [](const PlannedStep& step) { return !step.losses.empty(); });
    });
}

Progress progress_of(const TargetRecord& record, const std::string& migration) {
    const auto found = record.progress.find(migration);
    return found == record.progress.end() ? Progress{} : found->second;
}

// Between the proof and the lock another process may have been at work: the ledger would be longer.
Result<bool> is_changed(target::Ledger& ledger, const TargetRecord& record) {
    TRY_ASSIGN(const std::vector<target::LedgerEntry> entries, ledger.read());
    return entries.size() != record.entries.size();
}

// Nothing when the target was changed since it was looked at.
Result<std::optional<ApplyReport>> run_all(const Prepared& prepared, Session& session,
                                           const StatementListener& listener, const RunOptions& options) {
    ApplyReport report{prepared.record.settings.name, {}, {}};
    const Author author = author_of(session);
    TRY_ASSIGN(const LockedTarget locked,
               open_locked(session, prepared.record.settings, author.who, options.lock_wait));
    target::SqlTarget& target = *locked.target;
    target::Ledger ledger(target.channel(), target.database());
    TRY_ASSIGN(const bool changed, is_changed(ledger, prepared.record));
    if (changed) {
        return std::optional<ApplyReport>();
    }
    TRY(ledger.prepare());
    AppliedMigration* current = nullptr;
    MigrationRun run{target,
                     ledger,
                     author,
                     [&](const PlannedMigration& planned, const target::Statement& statement, bool skipped) {
                         current->statements += 1;
                         current->skipped += skipped ? 1 : 0;
                         if (listener) {
                             listener({planned.migration->id,
                                       target::distributed_ddl(statement.sql, prepared.record.settings),
                                       skipped});
                         }
                     },
                     wait_a_little,
                     [&] { return locked.lock->renew(); }};
    for (const ProvenMigration& proven : prepared.proven) {
        current = &report.applied.emplace_back(AppliedMigration{proven.planned.migration->id, 0, 0});
        Result<void> done =
            run_migration(run, proven, progress_of(prepared.record, proven.planned.migration->id));
        if (!done) {
            Error error = std::move(done).error();
            if (error.code == ExitCode::Failed && report.applied.size() > 1) {
                error.code = ExitCode::Partial; // earlier migrations of this run are in
            }
            return error;
        }
        if (proven.planned.migration->checkpoint) {
            TRY(record_as_applied(ledger, prepared.division.covered, author,
                                  "in checkpoint " + proven.planned.migration->id));
        }
        const std::vector<std::string> notes = notes_after(proven.planned, prepared.record.database);
        report.notes.insert(report.notes.end(), notes.begin(), notes.end());
    }
    if (const auto copy = target::ledger_copy_of(prepared.record.settings, session.folder)) {
        static_cast<void>(copy->renew(ledger).ok()); // for the next look at it: what was done is done
    }
    return std::optional<ApplyReport>(std::move(report));
}

} // namespace

Result<std::optional<PlanReport>> plan_migrations(const OpenProject& project, Session& session,
                                                  const std::string& target, const std::string& up_to,
                                                  Diagnostics& problems) {
    TRY_ASSIGN(std::optional<Prepared> prepared, prepare(project, session, target, up_to, {}, problems));
    if (!prepared) {
        return std::optional<PlanReport>();
    }
    PlanReport report{prepared->record.settings.name,
                      prepared->record.database,
                      std::move(prepared->division.pending),
                      {},
                      prepared->record.settings};
    // A target of many tables takes a while to open: not for nothing.
    if (destroys_something(report.migrations) &&
        session.targets.exists(prepared->record.settings, session.folder)) {
        TRY_ASSIGN(const std::unique_ptr<target::SqlTarget> opened,
                   session.targets.open(prepared->record.settings, session.folder));
        TRY_ASSIGN(report.losses, count_losses(*opened, report.migrations));
    }
    return std::optional<PlanReport>(std::move(report));
}

Result<std::optional<ApplyReport>> apply_migrations(const OpenProject& project, Session& session,
                                                    const std::string& target, const std::string& up_to,
                                                    const StatementListener& listener, Diagnostics& problems,
                                                    const RunOptions& options) {
    TRY_ASSIGN(const model::TargetSettings settings, choose_target(project.project.config, target));
    TRY(refuse_unless_confirmed(settings, options.confirm));
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        TRY_ASSIGN(const std::optional<Prepared> prepared,
                   prepare(project, session, target, up_to, options, problems));
        if (!prepared) {
            return std::optional<ApplyReport>();
        }
        if (prepared->proven.empty()) {
            return std::optional<ApplyReport>(ApplyReport{prepared->record.settings.name, {}, {}});
        }
        TRY_ASSIGN(std::optional<ApplyReport> report, run_all(*prepared, session, listener, options));
        if (report) {
            return report;
        }
    }
    return Error{ExitCode::Refused, "others change the target again and again",
                 "run the command again later"};
}

} // namespace birdhouse::ops
