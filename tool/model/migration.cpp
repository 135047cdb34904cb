#include "model/migration.hpp"

#include "base/text.hpp"

#include <array>
#include <type_traits>

namespace birdhouse::model {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

// In the order of StepAction's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<StepAction>> kKinds = {"create_datasource",
                                                                                  "drop_datasource",
                                                                                  "add_column",
                                                                                  "drop_column",
                                                                                  "move_column",
                                                                                  "rename_column",
                                                                                  "change_type",
                                                                                  "set_default",
                                                                                  "set_nullable",
                                                                                  "set_ttl",
                                                                                  "add_index",
                                                                                  "drop_index",
                                                                                  "create_materialized_view",
                                                                                  "drop_materialized_view",
                                                                                  "change_materialized_view",
                                                                                  "set_json_path",
                                                                                  "rebuild_datasource"};

std::string describe_rebuild(const RebuildDatasource& step) {
    std::vector<std::string> parts;
    if (step.engine) {
        parts.push_back(
            step.engine->kind +
            (step.engine->sorting_key.empty() ? "" : " sorted by (" + step.engine->sorting_key + ")") +
            (step.engine->partition_key.empty() ? "" : " partitioned by " + step.engine->partition_key));
    }
    for (const NewType& one : step.types) {
        parts.push_back(backquoted(one.name) + " " + one.type);
    }
    for (const Conversion& one : step.convert) {
        parts.push_back(backquoted(one.name) + " from " + one.expression);
    }
    return "rebuild datasource " + backquoted(step.datasource) + ": " + join(parts, ", ");
}

std::string column_of(const std::string& datasource, const std::string& name) {
    return backquoted(datasource + "." + name);
}

} // namespace

std::string_view kind_of(const StepAction& action) { return kKinds[action.index()]; }

std::string describe(const StepAction& action) {
    return std::visit(
        Overloaded{
            [](const CreateDatasource& s) {
                return "create datasource " + backquoted(s.datasource.name) + " with " +
                       counted(s.datasource.columns.size(), "column");
            },
            [](const DropDatasource& s) { return "drop datasource " + backquoted(s.datasource); },
            [](const AddColumn& s) {
                return "add column " + column_of(s.datasource, s.column.name) + " " + s.column.type;
            },
            [](const DropColumn& s) { return "drop column " + column_of(s.datasource, s.name); },
            [](const MoveColumn& s) {
                return "move column " + column_of(s.datasource, s.name) +
                       (s.position.first ? " to the front" : " after " + backquoted(s.position.after));
            },
            [](const RenameColumn& s) {
                return "rename column " + column_of(s.datasource, s.from) + " to " + backquoted(s.to);
            },
            [](const ChangeType& s) {
                return "change the type of " + column_of(s.datasource, s.name) + " to " + s.type;
            },
            [](const SetDefault& s) {
                const std::string column = column_of(s.datasource, s.name);
                return s.expression ? "set the default of " + column + " to " + *s.expression
                                    : "remove the default of " + column;
            },
            [](const SetNullable& s) {
                return "make " + column_of(s.datasource, s.name) +
                       (s.nullable ? " Nullable" : " not Nullable");
            },
            [](const SetTtl& s) {
                return s.ttl.empty() ? "remove the TTL of " + backquoted(s.datasource)
                                     : "set the TTL of " + backquoted(s.datasource) + " to " + s.ttl;
            },
            [](const AddIndex& s) {
                return "add index " + column_of(s.datasource, s.index.name) + " " + s.index.type;
            },
            [](const DropIndex& s) { return "drop index " + column_of(s.datasource, s.name); },
            [](const CreateMaterializedView& s) {
                return "create materialized view " + backquoted(s.view) + " into " + backquoted(s.target) +
                       (s.backfill ? ", filled from the rows that exist" : "");
            },
            [](const DropMaterializedView& s) { return "drop materialized view " + backquoted(s.view); },
            [](const ChangeMaterializedView& s) {
                return "change the query of materialized view " + backquoted(s.view);
            },
            [](const SetJsonPath& s) {
                return s.path ? "read " + column_of(s.datasource, s.name) + " from " + *s.path
                              : "stop reading " + column_of(s.datasource, s.name) + " from events";
            },
            [](const RebuildDatasource& s) { return describe_rebuild(s); },
        },
        action);
}

} // namespace birdhouse::model
