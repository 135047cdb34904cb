#include "ops/migrate.hpp"
#include "ops/migration_drift.hpp"
#include "ops/migration_target.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

MigrationStatus status_of(const model::Migration& migration,
                          const std::map<std::string, Progress>& progress) {
    MigrationStatus status{migration.id, migration.description, MigrationState::Pending, ""};
    const auto found = progress.find(migration.id);
    if (found == progress.end()) {
        return status;
    }
    const Progress& one = found->second;
    if (one.under_way()) {
        status.state = one.direction == target::Direction::Up ? MigrationState::PartlyApplied
                                                              : MigrationState::PartlyRolledBack;
    } else if (one.applied) {
        status.state = MigrationState::Applied;
        status.applied_at = one.applied_at;
    }
    return status;
}

// Against what the migrations build that the target has, not against those it has yet to get.
Result<std::vector<DriftLine>> look_for_drift(const OpenProject& project, Session& session,
                                              const TargetRecord& record) {
    std::vector<DriftLine> lines;
    if (!session.targets.exists(record.settings, session.folder)) {
        return lines;
    }
    Diagnostics problems;
    replay_model(project.migrations, problems);
    std::vector<PlannedMigration> applied;
    model::Schema schema;
    for (const model::Migration& migration : project.migrations) {
        const auto progress = record.progress.find(migration.id);
        if (!problems.has_errors() && progress != record.progress.end() && progress->second.applied) {
            applied.push_back(plan_up(migration, schema, record.database));
        }
    }
    TRY_ASSIGN(const std::optional<target::Catalog> expected,
               build_in_memory(session, record.database, applied, problems));
    if (!expected || problems.has_errors()) {
        return Error{ExitCode::Problems, "the migrations cannot be replayed, so nothing can be compared",
                     "`birdhouse migrate verify` says why"};
    }
    TRY_ASSIGN(const std::unique_ptr<target::SqlTarget> opened,
               session.targets.open(record.settings, session.folder));
    TRY_ASSIGN(const target::Catalog found, target::read_catalog(opened->channel(), record.database));
    for (const Drift& one : find_drift(*expected, found, kept_tables(project.migrations))) {
        lines.push_back({one.reason, one.object, one.message});
    }
    return lines;
}

} // namespace

std::size_t StatusReport::pending() const {
    return static_cast<std::size_t>(
        std::count_if(migrations.begin(), migrations.end(),
                      [](const MigrationStatus& one) { return one.state != MigrationState::Applied; }));
}

Result<StatusReport> migration_status(const OpenProject& project, Session& session, const std::string& target,
                                      bool drift) {
    TRY_ASSIGN(const TargetRecord record, read_record(project, session, target));
    StatusReport report{record.settings.name, {}, {}, std::nullopt, record.lock};
    for (const model::Migration& migration : project.migrations) {
        report.migrations.push_back(status_of(migration, record.progress));
    }
    TRY_ASSIGN(report.integrity, integrity_problems(project, session, record.progress));
    if (drift) {
        TRY_ASSIGN(report.drift, look_for_drift(project, session, record));
    }
    return report;
}

} // namespace birdhouse::ops
