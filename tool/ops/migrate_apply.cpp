// `migrate plan` and `migrate apply`: the same way up to the point where the target is changed.
#include "base/text.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_target.hpp"

namespace birdhouse::ops {

namespace {

// Everything that is known before the target is opened for writing.
struct Prepared {
    TargetRecord record;
    Division division;
    std::vector<ProvenMigration> proven;
};

Result<std::optional<Prepared>> prepare(const OpenProject& project, Session& session,
                                        const std::string& target, const std::string& up_to,
                                        Diagnostics& problems) {
    Prepared prepared;
    TRY_ASSIGN(prepared.record, read_record(project, session, target));
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
                   prove_in_memory(session, prepared.record.database, prepared.division, problems));
        if (!proven) {
            return std::optional<Prepared>();
        }
        prepared.proven = std::move(*proven);
    }
    return std::optional<Prepared>(std::move(prepared));
}

Progress progress_of(const TargetRecord& record, const std::string& migration) {
    const auto found = record.progress.find(migration);
    return found == record.progress.end() ? Progress{} : found->second;
}

// Between the proof and now another process may have been at work: the ledger would be longer.
Result<void> refuse_if_changed(target::Ledger& ledger, const TargetRecord& record) {
    TRY_ASSIGN(const std::vector<target::LedgerEntry> entries, ledger.read());
    if (entries.size() != record.entries.size()) {
        return Error{ExitCode::Refused, "another process changed the target in the meantime",
                     "run the command again"};
    }
    return {};
}

Result<ApplyReport> run_all(const Prepared& prepared, Session& session, const StatementListener& listener) {
    ApplyReport report{prepared.record.settings.name, {}};
    TRY_ASSIGN(const std::unique_ptr<target::SqlTarget> target,
               session.targets.open(prepared.record.settings, session.folder));
    target::Ledger ledger(target->channel(), target->database());
    TRY(refuse_if_changed(ledger, prepared.record));
    TRY(ledger.prepare());
    AppliedMigration* current = nullptr;
    MigrationRun run{*target, ledger, author_of(session),
                     [&](const PlannedMigration& planned, const target::Statement& statement, bool skipped) {
                         current->statements += 1;
                         current->skipped += skipped ? 1 : 0;
                         if (listener) {
                             listener({planned.migration->id, statement.sql, skipped});
                         }
                     }};
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
    }
    return report;
}

} // namespace

Result<std::optional<PlanReport>> plan_migrations(const OpenProject& project, Session& session,
                                                  const std::string& target, const std::string& up_to,
                                                  Diagnostics& problems) {
    TRY_ASSIGN(std::optional<Prepared> prepared, prepare(project, session, target, up_to, problems));
    if (!prepared) {
        return std::optional<PlanReport>();
    }
    PlanReport report{
        prepared->record.settings.name, prepared->record.database, std::move(prepared->division.pending), {}};
    if (session.targets.exists(prepared->record.settings, session.folder)) {
        TRY_ASSIGN(const std::unique_ptr<target::SqlTarget> opened,
                   session.targets.open(prepared->record.settings, session.folder));
        TRY_ASSIGN(report.losses, count_losses(*opened, report.migrations));
    }
    return std::optional<PlanReport>(std::move(report));
}

Result<std::optional<ApplyReport>> apply_migrations(const OpenProject& project, Session& session,
                                                    const std::string& target, const std::string& up_to,
                                                    const StatementListener& listener,
                                                    Diagnostics& problems) {
    TRY_ASSIGN(const std::optional<Prepared> prepared, prepare(project, session, target, up_to, problems));
    if (!prepared) {
        return std::optional<ApplyReport>();
    }
    if (prepared->proven.empty()) {
        return std::optional<ApplyReport>(ApplyReport{prepared->record.settings.name, {}});
    }
    TRY_ASSIGN(ApplyReport report, run_all(*prepared, session, listener));
    return std::optional<ApplyReport>(std::move(report));
}

} // namespace birdhouse::ops
