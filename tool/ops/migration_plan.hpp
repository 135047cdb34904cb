// Migrations as what would be done: steps, statements, losses. Nothing here touches a target.
#pragma once

#include "base/diagnostic.hpp"
#include "model/schema.hpp"
#include "ops/migration_guard.hpp"
#include "target/ledger.hpp"
#include "target/plan.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct PlannedStep {
    model::StepAction action;
    Origin origin;
    std::vector<target::Statement> statements;
    std::vector<Loss> losses;
};

struct PlannedMigration {
    const model::Migration* migration = nullptr;
    target::Direction direction = target::Direction::Up;
    std::vector<PlannedStep> steps;
};

// What a person must know before the migration runs, and what is left for them to do after it.
std::vector<std::string> notes_before(const PlannedStep& step);
std::vector<std::string> notes_after(const PlannedMigration& planned, std::string_view database);

std::size_t count_statements(const PlannedMigration& planned);

// The schema that the migrations build, from nothing. A step that does not fit is F220 at its place.
model::Schema replay_model(std::span<const model::Migration> migrations, Diagnostics& diagnostics);

// The same for one migration and what it meets.
void check_fit(const model::Migration& migration, model::Schema met, Diagnostics& diagnostics);

// Every step is known to fit. `schema` is what the migration meets, and afterwards what it leaves. A
// checkpoint that meets something has nothing to do: what it builds is there.
PlannedMigration plan_up(const model::Migration& migration, model::Schema& schema, std::string_view database);

// The way back: each step's inverse, last step first. `before` is what the migration met when it was applied.
PlannedMigration plan_down(const model::Migration& migration, const model::Schema& before,
                           std::string_view database);

} // namespace birdhouse::ops
