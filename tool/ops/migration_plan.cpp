#include "ops/migration_plan.hpp"

#include "base/codes.hpp"

#include <algorithm>
#include <cassert>

namespace birdhouse::ops {

namespace {

PlannedStep plan_one(const model::StepAction& action, Origin origin, const model::Schema& before,
                     std::string_view database) {
    return {action, origin, target::plan_step(action, before, database), loss_of(action, before, database)};
}

} // namespace

std::size_t count_statements(const PlannedMigration& planned) {
    std::size_t count = 0;
    for (const PlannedStep& step : planned.steps) {
        count += step.statements.size();
    }
    return count;
}

model::Schema replay_model(std::span<const model::Migration> migrations, Diagnostics& diagnostics) {
    model::Schema schema;
    for (const model::Migration& migration : migrations) {
        for (const model::MigrationStep& step : migration.steps) {
            if (const std::optional<std::string> problem = model::apply_step(step.action, schema)) {
                diagnostics.add(codes::F220, step.origin.span,
                                "cannot " + model::describe(step.action) + ": " + *problem,
                                "correct the step, or the migration that should have come before it");
            }
        }
    }
    return schema;
}

PlannedMigration plan_up(const model::Migration& migration, model::Schema& schema,
                         std::string_view database) {
    PlannedMigration planned{&migration, target::Direction::Up, {}};
    for (const model::MigrationStep& step : migration.steps) {
        planned.steps.push_back(plan_one(step.action, step.origin, schema, database));
        [[maybe_unused]] const std::optional<std::string> problem = model::apply_step(step.action, schema);
        assert(!problem);
    }
    return planned;
}

PlannedMigration plan_down(const model::Migration& migration, const model::Schema& before,
                           std::string_view database) {
    std::vector<model::Schema> met; // by each step
    model::Schema schema = before;
    for (const model::MigrationStep& step : migration.steps) {
        met.push_back(schema);
        [[maybe_unused]] const std::optional<std::string> problem = model::apply_step(step.action, schema);
        assert(!problem);
    }
    PlannedMigration planned{&migration, target::Direction::Down, {}};
    for (std::size_t i = migration.steps.size(); i-- > 0;) {
        const model::StepAction back = model::inverse(migration.steps[i].action, met[i]);
        planned.steps.push_back(plan_one(back, migration.steps[i].origin, schema, database));
        schema = met[i];
    }
    return planned;
}

} // namespace birdhouse::ops
