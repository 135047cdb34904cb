// What the verbs of `migrate` share: the target's record, whether it agrees with the files, and which
// migrations are still to do.
#pragma once

#include "ops/migrate.hpp"
#include "ops/migration_proof.hpp"
#include "ops/migration_run.hpp"
#include "target/ledger.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct TargetRecord {
    model::TargetSettings settings;
    std::string database;
    std::vector<target::LedgerEntry> entries;
    std::map<std::string, Progress> progress;
};

// Opens the target, reads the ledger and closes it again: one process has one engine open at a time, and
// the proof needs it next. A target that was never used is not made.
Result<TargetRecord> read_record(const OpenProject& project, Session& session,
                                 const std::string& target_name);

// birdhouse.sum, and the ledger, against the files: edited, gone, out of order.
Result<std::vector<SumProblem>> integrity_problems(const OpenProject& project, const Session& session,
                                                   const std::map<std::string, Progress>& progress);

// The first problem as a refusal.
Result<void> refuse_unless_intact(std::span<const SumProblem> problems);

struct Division {
    std::vector<PlannedMigration> earlier; // applied
    std::vector<PlannedMigration> pending; // in order, up to and with `up_to`
};

// Absent when a step does not fit or destroys something without an allowance; both go to `problems`.
Result<std::optional<Division>> divide(const OpenProject& project, const TargetRecord& record,
                                       const std::string& up_to, Diagnostics& problems);

// Proves `pending` on a fresh engine in memory. Absent when the engine refuses a step.
Result<std::optional<std::vector<ProvenMigration>>> prove_in_memory(Session& session,
                                                                    const std::string& database,
                                                                    const Division& division,
                                                                    Diagnostics& problems);

Author author_of(const Session& session);

// How many rows of the target would lose something, for each step that destroys. Tables that do not exist
// yet lose nothing that could be counted.
Result<std::vector<CountedLoss>> count_losses(target::SqlTarget& target,
                                              std::span<const PlannedMigration> planned);

} // namespace birdhouse::ops
