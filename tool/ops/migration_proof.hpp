// Migrations proven on a scratch engine before a target sees them: every statement is run there, and the
// state of the table it changes is noted before and after. A target is then held against those states.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/migration_plan.hpp"
#include "target/catalog.hpp"
#include "target/channel.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::ops {

// No value: the table does not exist.
struct ProvenStatement {
    std::optional<target::TableState> before;
    std::optional<target::TableState> after;
};

// Aligned with the steps and statements of the planned migration.
struct ProvenMigration {
    PlannedMigration planned;
    std::vector<std::vector<ProvenStatement>> steps;
};

// Looks at the scratch engine round each step of a replay. An error ends the proof.
class StepWatcher {
public:
    virtual ~StepWatcher() = default;
    StepWatcher() = default;
    StepWatcher(const StepWatcher&) = delete;
    StepWatcher& operator=(const StepWatcher&) = delete;
    virtual Result<void> before_steps() = 0;
    virtual Result<void> before_step(const PlannedStep& step) = 0;
    virtual Result<void> after_step(const PlannedMigration& migration, const PlannedStep& step) = 0;
    virtual Result<void> after_steps() = 0;
};

// Makes `database` on a scratch engine and makes it the connection's own, as a target's is.
Result<void> prepare_scratch(target::SqlChannel& scratch, const std::string& database);

// Runs what the target has already, then `pending` with its states noted. What the engine refuses is F223
// at the step's place, with the engine's words; nothing is proven then. `watcher` sees the steps of
// `pending`.
Result<std::optional<std::vector<ProvenMigration>>>
prove(target::SqlChannel& scratch, const std::string& database, std::span<const PlannedMigration> earlier,
      std::span<const PlannedMigration> pending, Diagnostics& diagnostics, StepWatcher* watcher = nullptr);

// Runs them, noting nothing: quicker. False once a step was refused.
Result<bool> replay_on_engine(target::SqlChannel& scratch, const std::string& database,
                              std::span<const PlannedMigration> planned, Diagnostics& diagnostics,
                              StepWatcher* watcher = nullptr);

} // namespace birdhouse::ops
