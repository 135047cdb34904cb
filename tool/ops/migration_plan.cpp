#include "ops/migration_plan.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <cassert>

namespace birdhouse::ops {

namespace {

PlannedStep plan_one(const model::StepAction& action, Origin origin, const model::Schema& before,
                     std::string_view database, const std::string& kept_as) {
    return {action, origin, target::plan_step(action, before, database, kept_as),
            losses_of(action, before, database)};
}

// What the migration leaves; a step that does not fit leaves what it met.
model::Schema apply_all(const model::Migration& migration, model::Schema schema, Diagnostics& diagnostics) {
    for (const model::MigrationStep& step : migration.steps) {
        if (const std::optional<std::string> problem = model::apply_step(step.action, schema)) {
            diagnostics.add(codes::F220, step.origin.span,
                            "cannot " + model::describe(step.action) + ": " + *problem,
                            "correct the step, or the migration that should have come before it");
        }
    }
    return schema;
}

bool is_empty(const model::Schema& schema) { return schema.datasources.empty() && schema.views.empty(); }

} // namespace

std::vector<std::string> notes_before(const PlannedStep& step) {
    std::vector<std::string> notes;
    if (const auto* rebuild = std::get_if<model::RebuildDatasource>(&step.action)) {
        const target::RebuildCheck& check = *step.statements.front().rebuild;
        notes.push_back("pause what writes to " + backquoted(rebuild->datasource) +
                        " while this runs: the run checks that no row came in, and swaps nothing otherwise");
        notes.push_back("the table as it was stays as " + backquoted(check.kept));
    }
    return notes;
}

std::vector<std::string> notes_after(const PlannedMigration& planned, std::string_view database) {
    std::vector<std::string> notes;
    for (const PlannedStep& step : planned.steps) {
        if (!std::holds_alternative<model::RebuildDatasource>(step.action)) {
            continue;
        }
        const target::RebuildCheck& check = *step.statements.front().rebuild;
        const std::string kept = target::qualified_name(database, check.kept);
        const std::string table = target::qualified_name(database, check.table);
        notes.push_back(backquoted(check.table) + " as it was is kept: `EXCHANGE TABLES " + kept + " AND " +
                        table + "` swaps it back (rows written since are in the other then), `DROP TABLE " +
                        kept + "` lets it go");
    }
    return notes;
}

std::size_t count_statements(const PlannedMigration& planned) {
    std::size_t count = 0;
    for (const PlannedStep& step : planned.steps) {
        count += step.statements.size();
    }
    return count;
}

void check_fit(const model::Migration& migration, model::Schema met, Diagnostics& diagnostics) {
    static_cast<void>(
        apply_all(migration, migration.checkpoint ? model::Schema() : std::move(met), diagnostics));
}

model::Schema replay_model(std::span<const model::Migration> migrations, Diagnostics& diagnostics) {
    model::Schema schema;
    for (const model::Migration& migration : migrations) {
        if (migration.checkpoint && !is_empty(schema)) {
            // Whether it builds the same is for the engine to say, which knows types by all their names.
            check_fit(migration, {}, diagnostics);
            continue;
        }
        schema = apply_all(migration, std::move(schema), diagnostics);
    }
    return schema;
}

PlannedMigration plan_up(const model::Migration& migration, model::Schema& schema,
                         std::string_view database) {
    PlannedMigration planned{&migration, target::Direction::Up, {}};
    if (migration.checkpoint && !is_empty(schema)) {
        return planned;
    }
    for (const model::MigrationStep& step : migration.steps) {
        planned.steps.push_back(
            plan_one(step.action, step.origin, schema, database, "before_" + migration.id));
        [[maybe_unused]] const std::optional<std::string> problem = model::apply_step(step.action, schema);
        assert(!problem);
    }
    return planned;
}

PlannedMigration plan_down(const model::Migration& migration, const model::Schema& before,
                           std::string_view database) {
    if (migration.checkpoint && !is_empty(before)) {
        return {&migration, target::Direction::Down, {}};
    }
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
        planned.steps.push_back(
            plan_one(back, migration.steps[i].origin, schema, database, "after_" + migration.id));
        schema = met[i];
    }
    return planned;
}

} // namespace birdhouse::ops
