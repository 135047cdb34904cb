// `migrate baseline`: a target that was made by other means gets its ledger.
#include "base/text.hpp"
#include "ops/confirmation.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_drift.hpp"
#include "ops/migration_lock.hpp"
#include "ops/migration_target.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

struct Wanted {
    std::vector<PlannedMigration> replayed;       // up to the last one to record
    std::vector<const model::Migration*> unknown; // to the ledger
};

Result<Wanted> wanted(const OpenProject& project, const TargetRecord& record, const std::string& up_to) {
    Wanted found;
    model::Schema schema;
    for (const model::Migration& migration : project.migrations) {
        const auto progress = record.progress.find(migration.id);
        const bool known = progress != record.progress.end();
        if (known && progress->second.under_way()) {
            return Error{ExitCode::Refused, backquoted(migration.id) + " stopped part-way on this target",
                         "finish it with `birdhouse migrate apply` first"};
        }
        found.replayed.push_back(plan_up(migration, schema, record.database));
        if (!known || !progress->second.applied) {
            found.unknown.push_back(&migration);
        }
        if (migration.id == up_to) {
            break;
        }
    }
    return found;
}

std::vector<DriftLine> lines_of(const std::vector<Drift>& drift) {
    std::vector<DriftLine> lines;
    for (const Drift& one : drift) {
        if (one.reason != "extra_object") { // other tables may well live there
            lines.push_back({one.reason, one.object, one.message});
        }
    }
    return lines;
}

} // namespace

Result<std::optional<BaselineReport>> baseline_target(const OpenProject& project, Session& session,
                                                      const std::string& target, const std::string& up_to,
                                                      bool dry_run, Diagnostics& problems,
                                                      const RunOptions& options) {
    TRY_ASSIGN(const TargetRecord record, read_record(project, session, target, options.lock_wait));
    if (!dry_run) {
        TRY(refuse_unless_confirmed(record.settings, options.confirm));
    }
    TRY(check_up_to(project.migrations, up_to));
    replay_model(project.migrations, problems);
    if (problems.has_errors()) {
        return std::optional<BaselineReport>();
    }
    TRY_ASSIGN(const Wanted todo, wanted(project, record, up_to));
    BaselineReport report{record.settings.name, {}, {}};
    if (todo.unknown.empty()) {
        return std::optional<BaselineReport>(std::move(report));
    }
    TRY_ASSIGN(const std::optional<target::Catalog> expected,
               build_in_memory(session, record.database, todo.replayed, problems));
    if (!expected) {
        return std::optional<BaselineReport>();
    }
    const Author author = author_of(session);
    TRY_ASSIGN(const LockedTarget locked,
               open_locked(session, record.settings, author.who, options.lock_wait));
    target::SqlChannel& channel = locked.target->channel();
    TRY_ASSIGN(const target::Catalog found, target::read_catalog(channel, record.database));
    report.drift = lines_of(find_drift(*expected, found, kept_tables(project.migrations)));
    if (!report.drift.empty()) {
        return std::optional<BaselineReport>(std::move(report));
    }
    for (const model::Migration* migration : todo.unknown) {
        report.recorded.push_back(migration->id);
    }
    if (!dry_run) {
        target::Ledger ledger(channel, record.database);
        TRY(ledger.prepare());
        TRY(record_as_applied(ledger, todo.unknown, author, "baseline"));
    }
    return std::optional<BaselineReport>(std::move(report));
}

} // namespace birdhouse::ops
