#include "target/plan.hpp"

#include "target/ddl.hpp"
#include "target/rebuild.hpp"
#include "target/sql_text.hpp"

#include <type_traits>

namespace birdhouse::target {

namespace {

const model::Datasource* datasource_before(const model::StepAction& action, const model::Schema& before) {
    return model::find_datasource(before, object_of(action));
}

// History goes into a table beside the target, and the two are swapped in one atomic statement before the
// view exists. A run that is stopped while it copies starts the copy again: nothing is there twice.
std::vector<Statement> backfill(const model::CreateMaterializedView& step, std::string_view database) {
    const std::string scratch_name = "_birdhouse_backfill_" + step.target;
    const std::string scratch = qualified_name(database, scratch_name);
    const std::string target = qualified_name(database, step.target);
    return {
        {"DROP TABLE IF EXISTS " + scratch, scratch_name, Resume::Repeat, std::nullopt},
        {"CREATE TABLE " + scratch + " AS " + target, scratch_name, Resume::RestartStep, std::nullopt},
        {"INSERT INTO " + scratch + " " + step.sql, scratch_name, Resume::RestartStep, std::nullopt},
        {"EXCHANGE TABLES " + scratch + " AND " + target, step.target, Resume::SwapOfEmpty, std::nullopt},
        {"DROP TABLE IF EXISTS " + scratch, scratch_name, Resume::Repeat, std::nullopt},
    };
}

} // namespace

std::string object_of(const model::StepAction& action) {
    return std::visit(
        [](const auto& step) -> std::string {
            using Step = std::decay_t<decltype(step)>;
            if constexpr (std::is_same_v<Step, model::CreateDatasource>) {
                return step.datasource.name;
            } else if constexpr (requires { step.view; }) {
                return step.view;
            } else {
                return step.datasource;
            }
        },
        action);
}

std::vector<Statement> plan_step(const model::StepAction& action, const model::Schema& before,
                                 std::string_view database, std::string_view kept_as) {
    if (const auto* rebuild = std::get_if<model::RebuildDatasource>(&action)) {
        return plan_rebuild(*rebuild, *datasource_before(action, before), database, kept_as);
    }
    std::vector<Statement> statements;
    if (const auto* view = std::get_if<model::CreateMaterializedView>(&action);
        view != nullptr && view->backfill) {
        statements = backfill(*view, database);
    }
    const std::string object = object_of(action);
    for (std::string& sql : statements_for(action, datasource_before(action, before), database)) {
        statements.push_back({std::move(sql), object, Resume::ByState, std::nullopt});
    }
    return statements;
}

} // namespace birdhouse::target
