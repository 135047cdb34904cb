// One proven migration run on a target, statement by statement, each recorded before and after. Safe to
// stop anywhere and to run again: the target's own state, not a counter, says what is left to do.
#pragma once

#include "base/result.hpp"
#include "ops/migration_mutations.hpp"
#include "ops/migration_progress.hpp"
#include "ops/migration_proof.hpp"
#include "target/ledger.hpp"
#include "target/target.hpp"

#include <functional>
#include <span>
#include <string>

namespace birdhouse::ops {

// Who is at work, for the ledger.
struct Author {
    std::string who;
    std::string tool_version;
    std::string git_revision;
};

struct MigrationRun {
    target::SqlTarget& target;
    target::Ledger& ledger; // prepared
    Author author;
    // Told after each statement; `skipped` when the target turned out to have it already.
    std::function<void(const PlannedMigration&, const target::Statement&, bool skipped)> on_statement;
    // Called between two looks at a mutation that is not over.
    std::function<void(const OpenMutation&)> on_wait;
    // Called before each statement and between the partitions of a copy: keeps the lock, or stops the run.
    std::function<Result<void>()> before_statement;
};

// `progress` is what the ledger says of this migration. ExitCode::Partial when something was done before it
// stopped, Failed when nothing was, Refused when more would be lost than the file permits, Problems when the
// target is in a state that no statement of the migration explains.
Result<void> run_migration(MigrationRun& run, const ProvenMigration& proven, const Progress& progress);

// Without sending anything: their work is there by other means. `why` goes into the ledger.
Result<void> record_as_applied(target::Ledger& ledger, std::span<const model::Migration* const> migrations,
                               const Author& author, const std::string& why);

} // namespace birdhouse::ops
