// The verbs of `birdhouse migrate`. Each takes the project as read and gives a report; printing is elsewhere.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/migration_files.hpp"
#include "ops/migration_plan.hpp"
#include "ops/migration_progress.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

// --- status --------------------------------------------------------------------------------------------

enum class MigrationState { Applied, Pending, PartlyApplied, PartlyRolledBack };

struct MigrationStatus {
    std::string id;
    std::string description;
    MigrationState state = MigrationState::Pending;
    std::string applied_at; // UTC; empty unless applied
};

struct StatusReport {
    std::string target;
    std::vector<MigrationStatus> migrations; // in their order
    std::vector<SumProblem> integrity;       // edited, missing, out of order: nothing is applied until mended
    std::size_t pending() const;
};

Result<StatusReport> migration_status(const OpenProject& project, Session& session,
                                      const std::string& target);

// --- plan ----------------------------------------------------------------------------------------------

struct CountedLoss {
    std::string code;
    std::string subject;
    std::string what;
    std::optional<std::uint64_t> rows; // absent: the table does not exist on the target yet
};

struct PlanReport {
    std::string target;
    std::string database;
    std::vector<PlannedMigration> migrations; // pending, in order; those part-way included
    std::vector<CountedLoss> losses;
};

// `up_to`: the last migration to plan; empty for all. Problems of the steps go to `problems`, and then the
// plan is absent.
Result<std::optional<PlanReport>> plan_migrations(const OpenProject& project, Session& session,
                                                  const std::string& target, const std::string& up_to,
                                                  Diagnostics& problems);

// --- apply ---------------------------------------------------------------------------------------------

struct StatementEvent {
    std::string migration;
    std::string sql;
    bool skipped = false; // the target had it already
};
using StatementListener = std::function<void(const StatementEvent&)>;

struct AppliedMigration {
    std::string id;
    std::size_t statements = 0;
    std::size_t skipped = 0;
};

struct ApplyReport {
    std::string target;
    std::vector<AppliedMigration> applied;
};

Result<std::optional<ApplyReport>> apply_migrations(const OpenProject& project, Session& session,
                                                    const std::string& target, const std::string& up_to,
                                                    const StatementListener& listener, Diagnostics& problems);

// --- rollback ------------------------------------------------------------------------------------------

struct RollbackReport {
    std::string target;
    std::string migration; // the one taken back
    std::vector<CountedLoss> losses;
    std::vector<std::string> unrecoverable; // what an earlier step destroyed and this cannot bring back
    std::size_t statements = 0;             // 0 when it was only planned
    PlannedMigration planned;
};

// The newest applied migration. Refused when rows would be lost and `allow_loss` is false; `dry_run` stops
// before the target is changed.
Result<std::optional<RollbackReport>> rollback_migration(const OpenProject& project, Session& session,
                                                         const std::string& target, bool allow_loss,
                                                         bool dry_run, const StatementListener& listener,
                                                         Diagnostics& problems);

// --- verify --------------------------------------------------------------------------------------------

struct VerifyReport {
    std::size_t migrations = 0;
    std::size_t steps = 0;
    std::size_t tables = 0; // compared, views included
    bool sum_written = false;
    std::vector<SumProblem> integrity;
};

// Replays everything in memory and compares with the declared schema, field by field as the engine prints
// them. `write_sum` records the files as they are, when the proof holds.
Result<VerifyReport> verify_migrations(const OpenProject& project, Session& session, bool write_sum,
                                       Diagnostics& problems);

// --- new -----------------------------------------------------------------------------------------------

struct NewMigration {
    std::filesystem::path file;
    std::vector<std::string> steps; // for people; none: nothing was written
};

// The next number, the steps derived from the difference of the declared to the replayed schema, the sum
// file brought up to date. Changes that no step can make in place are R310; the others are written all the
// same.
Result<NewMigration> new_migration(const OpenProject& project, Session& session, const std::string& name,
                                   Diagnostics& problems);

// The schema that the definitions declare: datasources, and materialized pipes as views. Problems of the
// composition go to `problems`.
model::Schema declared_schema(const OpenProject& project, Diagnostics& problems);

} // namespace birdhouse::ops
