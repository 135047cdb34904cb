// The verbs of `birdhouse migrate`. Each takes the project as read and gives a report; printing is elsewhere.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/migration_files.hpp"
#include "ops/migration_plan.hpp"
#include "ops/migration_progress.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

// How a run that changes a target goes about it.
struct RunOptions {
    std::chrono::seconds lock_wait{0}; // for others who are at work on the target
    bool canary = true;                // edge rows through views and endpoints, before anything is sent
    std::string confirm = {};          // the name of a protected target, which is left alone otherwise
};

// --- status --------------------------------------------------------------------------------------------

enum class MigrationState { Applied, Pending, PartlyApplied, PartlyRolledBack };

struct MigrationStatus {
    std::string id;
    std::string description;
    MigrationState state = MigrationState::Pending;
    std::string applied_at; // UTC; empty unless applied
};

struct DriftLine {
    std::string reason; // missing_object, extra_column, type, sorting_key ...
    std::string object;
    std::string message;
};

struct StatusReport {
    std::string target;
    std::vector<MigrationStatus> migrations; // in their order
    std::vector<SumProblem> integrity;       // edited, missing, out of order: nothing is applied until mended
    std::optional<std::vector<DriftLine>> drift; // absent: it was not looked for
    std::string lock;                            // who is at work there; empty when nobody is
    std::size_t pending() const;
};

// With `drift` the migrations that the target has are replayed, and compared with what it holds.
Result<StatusReport> migration_status(const OpenProject& project, Session& session, const std::string& target,
                                      bool drift = false);

// --- plan ----------------------------------------------------------------------------------------------

struct CountedLoss {
    std::string code;
    std::string subject;
    std::string what;
    std::optional<std::uint64_t> rows; // absent: the table does not exist on the target yet
    std::string examples;              // of an Enum: the values that go, and in how many rows each is
};

struct PlanReport {
    std::string target;
    std::string database;
    std::vector<PlannedMigration> migrations; // pending, in order; those part-way included
    std::vector<CountedLoss> losses;
    model::TargetSettings settings; // statements are sent as they ask for: ON CLUSTER, Replicated engines
};

// `up_to`: the last migration to plan; empty for all. Problems of the steps go to `problems`, and then the
// plan is absent.
Result<std::optional<PlanReport>> plan_migrations(const OpenProject& project, Session& session,
                                                  const std::string& target, const std::string& up_to,
                                                  Diagnostics& problems);

// --- apply ---------------------------------------------------------------------------------------------

struct StatementEvent {
    std::string migration;
    std::string sql;      // as it was sent
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
    std::vector<std::string> notes; // what stays to be done by hand: tables that rebuilds kept
};

Result<std::optional<ApplyReport>> apply_migrations(const OpenProject& project, Session& session,
                                                    const std::string& target, const std::string& up_to,
                                                    const StatementListener& listener, Diagnostics& problems,
                                                    const RunOptions& options = {});

// --- rollback ------------------------------------------------------------------------------------------

struct RollbackReport {
    std::string target;
    std::string migration; // the one taken back
    std::vector<CountedLoss> losses;
    std::vector<std::string> unrecoverable; // what an earlier step destroyed and this cannot bring back
    std::vector<std::string> notes;         // tables that rebuilds kept, which still hold it
    std::size_t statements = 0;             // 0 when it was only planned
    PlannedMigration planned;
    model::TargetSettings settings;
};

// The newest applied migration. Refused when rows would be lost and `allow_loss` is false; `dry_run` stops
// before the target is changed.
Result<std::optional<RollbackReport>> rollback_migration(const OpenProject& project, Session& session,
                                                         const std::string& target, bool allow_loss,
                                                         bool dry_run, const StatementListener& listener,
                                                         Diagnostics& problems,
                                                         const RunOptions& options = {});

// --- baseline ------------------------------------------------------------------------------------------

struct BaselineReport {
    std::string target;
    std::vector<std::string> recorded; // migrations
    std::vector<DriftLine> drift;      // with any, nothing was recorded
};

// Records the migrations up to `up_to` (empty: all) as applied, when the target holds what they build. Other
// tables of the target are left alone. Absent when the migrations have problems.
Result<std::optional<BaselineReport>> baseline_target(const OpenProject& project, Session& session,
                                                      const std::string& target, const std::string& up_to,
                                                      bool dry_run, Diagnostics& problems,
                                                      const RunOptions& options = {});

// --- checkpoint ----------------------------------------------------------------------------------------

struct NewMigration {
    std::filesystem::path file;
    std::vector<std::string> steps; // for people; none: nothing was written
};

// A migration that builds at once what all before it built, written and recorded.
Result<NewMigration> new_checkpoint(const OpenProject& project, Session& session, const std::string& name,
                                    Diagnostics& problems);

// --- unlock --------------------------------------------------------------------------------------------

struct UnlockReport {
    std::string target;
    std::string holder; // who had it; empty: nobody
};

// Refused while the lock's time is not over, unless `force`. `confirm`: as in RunOptions.
Result<UnlockReport> unlock_target(const OpenProject& project, Session& session, const std::string& target,
                                   bool force, const std::string& confirm = {});

// --- verify --------------------------------------------------------------------------------------------

struct VerifyReport {
    std::size_t migrations = 0;
    std::size_t steps = 0;
    std::size_t tables = 0; // compared, views included
    std::size_t canary_rows = 0;
    bool sum_written = false;
    std::vector<SumProblem> integrity;
};

// Replays everything in memory and compares with the declared schema, field by field as the engine prints
// them. `write_sum` records the files as they are, when the proof holds.
struct VerifyOptions {
    std::string
        from; // a git revision: what it declares and the migrations that it has not; else from nothing
    bool canary = true; // edge rows and samples through views and endpoints after each step
};
Result<VerifyReport> verify_migrations(const OpenProject& project, Session& session, bool write_sum,
                                       Diagnostics& problems, const VerifyOptions& options = {});

// --- new -----------------------------------------------------------------------------------------------

// The next number, the steps derived from the difference of the declared to the replayed schema, the sum
// file brought up to date. Changes that no step can make in place are R310; the others are written all the
// same.
// Columns that look renamed are R305, unless `renames` or the definitions say what they are.
Result<NewMigration> new_migration(const OpenProject& project, Session& session, const std::string& name,
                                   std::vector<model::ColumnRename> renames, Diagnostics& problems);

// The schema that the definitions declare: datasources, and materialized pipes as views. Problems of the
// composition go to `problems`.
model::Schema declared_schema(const OpenProject& project, Diagnostics& problems);

} // namespace birdhouse::ops
