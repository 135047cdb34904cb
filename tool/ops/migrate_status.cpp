#include "ops/migrate.hpp"
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

} // namespace

std::size_t StatusReport::pending() const {
    return static_cast<std::size_t>(
        std::count_if(migrations.begin(), migrations.end(),
                      [](const MigrationStatus& one) { return one.state != MigrationState::Applied; }));
}

Result<StatusReport> migration_status(const OpenProject& project, Session& session,
                                      const std::string& target) {
    TRY_ASSIGN(const TargetRecord record, read_record(project, session, target));
    StatusReport report{record.settings.name, {}, {}};
    for (const model::Migration& migration : project.migrations) {
        report.migrations.push_back(status_of(migration, record.progress));
    }
    TRY_ASSIGN(report.integrity, integrity_problems(project, session, record.progress));
    return report;
}

} // namespace birdhouse::ops
