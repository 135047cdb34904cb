// What the verbs of `migrate` share: the target's record, whether it agrees with the files, and which
// migrations are still to do.
#pragma once

#include "ops/migrate.hpp"
#include "ops/migration_proof.hpp"
#include "ops/migration_run.hpp"
#include "target/ledger.hpp"

#include <chrono>
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
    std::string lock; // who is at work there; empty when nobody is
};

// Opens the target, reads the ledger and closes it again: one process has one engine open at a time, and
// the proof needs it next. A target that was never used is not made.
// `wait`: how long for others who have it open.
Result<TargetRecord> read_record(const OpenProject& project, Session& session, const std::string& target_name,
                                 std::chrono::seconds wait = {});

// birdhouse.sum, and the ledger, against the files: edited, gone, out of order.
Result<std::vector<SumProblem>> integrity_problems(const OpenProject& project, const Session& session,
                                                   const std::map<std::string, Progress>& progress);

// The first problem as a refusal.
Result<void> refuse_unless_intact(std::span<const SumProblem> problems);

// Is there a migration of that name? An empty one means all.
Result<void> check_up_to(std::span<const model::Migration> migrations, const std::string& up_to);

struct Division {
    std::vector<PlannedMigration> earlier;        // applied
    std::vector<PlannedMigration> pending;        // in order, up to and with `up_to`
    model::Schema met;                            // by the first of `pending`
    std::vector<const model::Migration*> covered; // by a checkpoint among these, so that they never run
};

// Absent when a step does not fit or destroys something without an allowance; both go to `problems`.
Result<std::optional<Division>> divide(const OpenProject& project, const TargetRecord& record,
                                       const std::string& up_to, Diagnostics& problems);

// Proves `pending` on a fresh engine in memory. Absent when the engine refuses a step, or when a canary is
// let fly and finds what fails. A rollback lets none fly: it makes what was there before.
enum class CanaryUse { Fly, Stay };
Result<std::optional<std::vector<ProvenMigration>>>
prove_in_memory(const OpenProject& project, Session& session, const std::string& database,
                const Division& division, CanaryUse canary, Diagnostics& problems);

// Between two looks at a mutation.
void wait_a_little(const OpenMutation& mutation);

Author author_of(const Session& session);

// How many rows of the target would lose something, for each step that destroys. Tables that do not exist
// yet lose nothing that could be counted.
Result<std::vector<CountedLoss>> count_losses(target::SqlTarget& target,
                                              std::span<const PlannedMigration> planned);

} // namespace birdhouse::ops
