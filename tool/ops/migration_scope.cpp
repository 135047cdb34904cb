#include "ops/migration_scope.hpp"

#include "syntax/sql_outline.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

using Chain = std::vector<std::string>; // a view, its target, what it reads

void add_tables_of(const std::string& sql, Chain& chain) {
    for (const syntax::SqlTable& table : syntax::outline_sql(sql).tables) {
        chain.push_back(table.name);
    }
}

void add_chains(std::span<const PlannedMigration> planned, std::vector<Chain>& chains) {
    for (const PlannedMigration& migration : planned) {
        for (const PlannedStep& step : migration.steps) {
            if (const auto* made = std::get_if<model::CreateMaterializedView>(&step.action)) {
                add_tables_of(made->sql, chains.emplace_back(Chain{made->view, made->target}));
            } else if (const auto* changed = std::get_if<model::ChangeMaterializedView>(&step.action)) {
                add_tables_of(changed->sql, chains.emplace_back(Chain{changed->view}));
            }
        }
    }
}

} // namespace

TableNames scope_of(std::span<const PlannedMigration> earlier, std::span<const PlannedMigration> pending) {
    TableNames scope;
    for (const PlannedMigration& migration : pending) {
        for (const PlannedStep& step : migration.steps) {
            scope.insert(target::object_of(step.action));
        }
    }
    std::vector<Chain> chains;
    add_chains(earlier, chains);
    add_chains(pending, chains);
    for (bool grown = true; grown;) {
        grown = false;
        for (const Chain& chain : chains) {
            if (std::ranges::any_of(chain, [&](const std::string& name) { return scope.contains(name); })) {
                const std::size_t before = scope.size();
                scope.insert(chain.begin(), chain.end());
                grown = grown || scope.size() != before;
            }
        }
    }
    return scope;
}

std::vector<PlannedMigration> within(std::span<const PlannedMigration> planned, const TableNames& scope) {
    std::vector<PlannedMigration> kept;
    for (const PlannedMigration& migration : planned) {
        PlannedMigration one{migration.migration, migration.direction, {}};
        std::ranges::copy_if(migration.steps, std::back_inserter(one.steps), [&](const PlannedStep& step) {
            return scope.contains(target::object_of(step.action));
        });
        if (!one.steps.empty()) {
            kept.push_back(std::move(one));
        }
    }
    return kept;
}

} // namespace birdhouse::ops
