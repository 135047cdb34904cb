#include "target/plan.hpp"

#include "base/text.hpp"
#include "codec/query_output.hpp"
#include "target/ddl.hpp"
#include "target/rebuild.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <type_traits>

namespace birdhouse::target {

namespace {

const model::Datasource* datasource_before(const model::StepAction& action, const model::Schema& before) {
    return model::find_datasource(before, object_of(action));
}

// History goes into a table beside the target, and the two are swapped in one atomic statement before the
// view exists. A run that is stopped while it copies starts the copy again: nothing is there twice.
std::vector<Statement> backfill(const model::CreateMaterializedView& step, const model::Schema& before,
                                std::string_view database) {
    const std::string scratch_name = "_birdhouse_backfill_" + step.target;
    const std::string scratch = qualified_name(database, scratch_name);
    const std::string target = qualified_name(database, step.target);
    const model::Datasource* columns_of = model::find_datasource(before, step.target);
    const std::string fill = columns_of == nullptr ? "INSERT INTO " + scratch + " " + step.sql
                                                   : insert_by_name(scratch, step.sql, *columns_of);
    return {
        {"DROP TABLE IF EXISTS " + scratch, scratch_name, Resume::Repeat, std::nullopt},
        {"CREATE TABLE " + scratch + " AS " + target, scratch_name, Resume::RestartStep, std::nullopt},
        {fill, scratch_name, Resume::RestartStep, std::nullopt},
        {"EXCHANGE TABLES " + scratch + " AND " + target, step.target, Resume::SwapOfEmpty, std::nullopt},
        {"DROP TABLE IF EXISTS " + scratch, scratch_name, Resume::Repeat, std::nullopt},
    };
}

} // namespace

std::string insert_by_name(const std::string& table, const std::string& sql,
                           const model::Datasource& columns_of) {
    const std::optional<std::vector<std::string>> given = codec::read_output(sql).columns;
    std::vector<std::string> names;
    for (const model::Column& column : columns_of.columns) {
        const bool is_given = !given || std::find(given->begin(), given->end(), column.name) != given->end();
        if (is_given && !column.materialized) {
            names.push_back(identifier(column.name));
        }
    }
    const std::string list = join(names, ", ");
    return "INSERT INTO " + table + " (" + list + ")\nSELECT " + list + " FROM\n(\n" +
           std::string(trim(sql)) + "\n)";
}

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
        statements = backfill(*view, before, database);
    }
    const std::string object = object_of(action);
    for (std::string& sql : statements_for(action, datasource_before(action, before), database)) {
        statements.push_back({std::move(sql), object, Resume::ByState, std::nullopt});
    }
    return statements;
}

} // namespace birdhouse::target
