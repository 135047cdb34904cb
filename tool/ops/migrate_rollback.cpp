#include "base/text.hpp"
#include "ops/confirmation.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_lock.hpp"
#include "ops/migration_target.hpp"
#include "target/distributed_ddl.hpp"

#include <algorithm>
#include <numeric>

namespace birdhouse::ops {

namespace {

// The migration to take back: the one whose rollback stopped part-way, else the newest applied.
Result<const model::Migration*> choose(const OpenProject& project, const TargetRecord& record) {
    const model::Migration* newest = nullptr;
    for (const model::Migration& migration : project.migrations) {
        const auto found = record.progress.find(migration.id);
        if (found == record.progress.end()) {
            continue;
        }
        const Progress& progress = found->second;
        if (progress.under_way() && progress.direction == target::Direction::Up) {
            return Error{ExitCode::Refused, backquoted(migration.id) + " is applied only in part",
                         "finish it with `birdhouse migrate apply`, then roll it back"};
        }
        if (progress.applied) {
            newest = &migration;
        }
    }
    if (newest == nullptr) {
        return Error{ExitCode::Problems,
                     "nothing is applied to target " + backquoted(record.settings.name) +
                         ", so nothing can be rolled back",
                     ""};
    }
    return newest;
}

// What the migration destroyed on its way up: no statement brings it back.
std::vector<std::string> unrecoverable(const model::Migration& migration, model::Schema before,
                                       std::string_view database) {
    std::vector<std::string> lost;
    for (const model::MigrationStep& step : migration.steps) {
        for (const Loss& loss : losses_of(step.action, before, database)) {
            lost.push_back(loss.what);
        }
        model::apply_step(step.action, before);
    }
    return lost;
}

// The migrations before `last`, as they were applied, and the schema they left.
Division before(const OpenProject& project, const model::Migration* last, const std::string& database,
                model::Schema& schema) {
    Division division;
    for (const model::Migration& migration : project.migrations) {
        if (&migration == last) {
            break;
        }
        division.earlier.push_back(plan_up(migration, schema, database));
    }
    return division;
}

Result<void> refuse_loss(const RollbackReport& report) {
    const auto rows = std::accumulate(
        report.losses.begin(), report.losses.end(), std::uint64_t{0},
        [](std::uint64_t sum, const CountedLoss& loss) { return sum + loss.rows.value_or(0); });
    if (rows == 0) {
        return {};
    }
    std::vector<std::string> parts;
    for (const CountedLoss& loss : report.losses) {
        if (loss.rows.value_or(0) != 0) {
            parts.push_back(loss.what + " in " + counted(*loss.rows, "row"));
        }
    }
    return Error{ExitCode::Refused,
                 "rolling back " + backquoted(report.migration) + " would destroy " + join(parts, ", and "),
                 "this data cannot come back; pass --allow-loss if that is meant"};
}

} // namespace

Result<std::optional<RollbackReport>> rollback_migration(const OpenProject& project, Session& session,
                                                         const std::string& target_name, bool allow_loss,
                                                         bool dry_run, const StatementListener& listener,
                                                         Diagnostics& problems, const RunOptions& options) {
    TRY_ASSIGN(const TargetRecord record, read_record(project, session, target_name, options.lock_wait));
    if (!dry_run) {
        TRY(refuse_unless_confirmed(record.settings, options.confirm));
    }
    TRY_ASSIGN(const std::vector<SumProblem> integrity,
               integrity_problems(project, session, record.progress));
    TRY(refuse_unless_intact(integrity));
    replay_model(project.migrations, problems);
    if (problems.has_errors()) {
        return std::optional<RollbackReport>();
    }
    TRY_ASSIGN(const model::Migration* const migration, choose(project, record));

    model::Schema schema;
    Division division = before(project, migration, record.database, schema);
    RollbackReport report{record.settings.name,
                          migration->id,
                          {},
                          unrecoverable(*migration, schema, record.database),
                          {},
                          0,
                          plan_down(*migration, schema, record.database),
                          record.settings};
    division.earlier.push_back(plan_up(*migration, schema, record.database));
    report.notes = notes_after(division.earlier.back(), record.database);
    division.pending.push_back(report.planned);
    TRY_ASSIGN(const std::optional<std::vector<ProvenMigration>> proven,
               prove_in_memory(project, session, record.database, division, CanaryUse::Stay, problems));
    if (!proven) {
        return std::optional<RollbackReport>();
    }

    if (dry_run) {
        TRY_ASSIGN(const std::unique_ptr<target::SqlTarget> looked_at,
                   open_waiting(session, record.settings, options.lock_wait));
        TRY_ASSIGN(report.losses, count_losses(*looked_at, division.pending));
        return std::optional<RollbackReport>(std::move(report));
    }
    const Author author = author_of(session);
    TRY_ASSIGN(const LockedTarget locked,
               open_locked(session, record.settings, author.who, options.lock_wait));
    target::SqlTarget* const target = locked.target.get();
    TRY_ASSIGN(report.losses, count_losses(*target, division.pending));
    if (!allow_loss) {
        TRY(refuse_loss(report));
    }
    target::Ledger ledger(target->channel(), target->database());
    TRY(ledger.prepare());
    MigrationRun run{*target,
                     ledger,
                     author,
                     [&](const PlannedMigration& planned, const target::Statement& statement, bool skipped) {
                         report.statements += 1;
                         if (listener) {
                             listener({planned.migration->id,
                                       target::distributed_ddl(statement.sql, record.settings), skipped});
                         }
                     },
                     wait_a_little,
                     [&] { return locked.lock->renew(); }};
    TRY(run_migration(run, proven->front(), record.progress.at(migration->id)));
    return std::optional<RollbackReport>(std::move(report));
}

} // namespace birdhouse::ops
