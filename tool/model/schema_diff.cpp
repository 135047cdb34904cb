// The steps from one schema to another. The order is the one that keeps inserts working: what readers and
// views need is added before they change, and what they no longer need goes after.
#include "base/text.hpp"
#include "model/schema.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::model {

namespace {

// Steps are gathered by phase and joined at the end.
struct Phases {
    std::vector<StepAction> drop_views;
    std::vector<StepAction> rename;
    std::vector<StepAction> create_datasources;
    std::vector<StepAction> alter;
    std::vector<StepAction> change_views;
    std::vector<StepAction> drop_columns;
    std::vector<StepAction> create_views;
    std::vector<StepAction> drop_datasources;
    std::vector<std::string> impossible;
};

std::string column_name(const Datasource& datasource, const Column& column) {
    return backquoted(datasource.name + "." + column.name);
}

void diff_column(const Datasource& datasource, const Column& from, const Column& to, Phases& phases) {
    if (from.type != to.type) {
        if (make_not_nullable(from.type) == make_not_nullable(to.type)) {
            phases.alter.push_back(SetNullable{datasource.name, to.name, is_nullable(to.type)});
        } else {
            phases.alter.push_back(ChangeType{datasource.name, to.name, to.type});
        }
    }
    if (from.default_expression != to.default_expression) {
        phases.alter.push_back(SetDefault{datasource.name, to.name, to.default_expression});
    }
    if (from.json_path != to.json_path) {
        phases.alter.push_back(SetJsonPath{datasource.name, to.name, to.json_path});
    }
    if (from.codec != to.codec) {
        phases.impossible.push_back("the codec of " + column_name(datasource, to) + " changes from " +
                                    backquoted(from.codec.value_or("none")) + " to " +
                                    backquoted(to.codec.value_or("none")));
    }
}

void diff_columns(const Datasource& from, const Datasource& to, Phases& phases) {
    std::vector<std::string> order; // of the table while the steps run
    for (const Column& column : from.columns) {
        order.push_back(column.name);
        if (find_column(to, column.name) == nullptr) {
            phases.drop_columns.push_back(DropColumn{to.name, column.name});
        }
    }
    std::string previous;
    for (const Column& column : to.columns) {
        if (const Column* old = find_column(from, column.name)) {
            diff_column(to, *old, column, phases);
        } else {
            ColumnPosition position;
            position.first = previous.empty();
            if (!previous.empty() && order.back() != previous) {
                position.after = previous;
            }
            auto place = order.begin();
            if (!previous.empty()) {
                place = std::find(order.begin(), order.end(), previous) + 1;
            }
            order.insert(place, column.name);
            phases.alter.push_back(AddColumn{to.name, column, position});
        }
        previous = column.name;
    }
    order.erase(std::remove_if(order.begin(), order.end(),
                               [&](const std::string& name) { return find_column(to, name) == nullptr; }),
                order.end());
    const bool same_order =
        std::equal(order.begin(), order.end(), to.columns.begin(), to.columns.end(),
                   [](const std::string& name, const Column& column) { return name == column.name; });
    if (!same_order) {
        phases.impossible.push_back("the columns of " + backquoted(to.name) + " change their order");
    }
}

void diff_engine(const Datasource& from, const Datasource& to, Phases& phases) {
    using Field = std::pair<std::string_view, std::string TableEngine::*>;
    static constexpr std::array<Field, 14> kFields{{
        {"engine", &TableEngine::kind},
        {"partition key", &TableEngine::partition_key},
        {"sorting key", &TableEngine::sorting_key},
        {"primary key", &TableEngine::primary_key},
        {"sampling key", &TableEngine::sampling_key},
        {"version column", &TableEngine::version_column},
        {"is_deleted column", &TableEngine::is_deleted_column},
        {"sign column", &TableEngine::sign_column},
        {"version", &TableEngine::collapsing_version},
        {"summed columns", &TableEngine::summing_columns},
        {"join strictness", &TableEngine::join_strictness},
        {"join type", &TableEngine::join_type},
        {"key columns", &TableEngine::key_columns},
        {"settings", &TableEngine::settings},
    }};
    for (const auto& [name, field] : kFields) {
        if (from.engine.*field != to.engine.*field) {
            phases.impossible.push_back("the " + std::string(name) + " of " + backquoted(to.name) +
                                        " changes from " + backquoted(from.engine.*field) + " to " +
                                        backquoted(to.engine.*field));
        }
    }
    if (from.engine.ttl != to.engine.ttl) {
        phases.alter.push_back(SetTtl{to.name, to.engine.ttl});
    }
}

void diff_indexes(const Datasource& from, const Datasource& to, Phases& phases) {
    const auto holds = [](const Datasource& datasource, const Index& index) {
        return std::find(datasource.indexes.begin(), datasource.indexes.end(), index) !=
               datasource.indexes.end();
    };
    for (const Index& index : from.indexes) {
        if (!holds(to, index)) {
            phases.alter.push_back(DropIndex{to.name, index.name});
        }
    }
    for (const Index& index : to.indexes) {
        if (!holds(from, index)) {
            phases.alter.push_back(AddIndex{to.name, index});
        }
    }
}

void diff_datasources(const Schema& from, const Schema& to, Phases& phases) {
    for (const Datasource& datasource : to.datasources) {
        const Datasource* old = find_datasource(from, datasource.name);
        if (old == nullptr) {
            phases.create_datasources.push_back(CreateDatasource{datasource});
            continue;
        }
        diff_columns(*old, datasource, phases);
        diff_engine(*old, datasource, phases);
        diff_indexes(*old, datasource, phases);
    }
    for (const Datasource& datasource : from.datasources) {
        if (find_datasource(to, datasource.name) == nullptr) {
            phases.drop_datasources.push_back(DropDatasource{datasource.name});
        }
    }
}

void diff_views(const Schema& from, const Schema& to, Phases& phases) {
    for (const MaterializedView& view : from.views) {
        const MaterializedView* now = find_view(to, view.name);
        if (now == nullptr || now->target != view.target) {
            phases.drop_views.push_back(DropMaterializedView{view.name});
        }
    }
    for (const MaterializedView& view : to.views) {
        const MaterializedView* old = find_view(from, view.name);
        if (old == nullptr || old->target != view.target) {
            phases.create_views.push_back(CreateMaterializedView{view.name, view.target, view.sql, false});
        } else if (old->sql != view.sql) {
            phases.change_views.push_back(ChangeMaterializedView{view.name, view.sql});
        }
    }
}

} // namespace

std::vector<ColumnRename> renames_between(const Datasource& before, const Datasource& after) {
    std::vector<ColumnRename> renames;
    for (const Column& column : after.columns) {
        const std::string old = column.renamed_from.value_or("");
        if (!old.empty() && find_column(before, old) != nullptr && find_column(after, old) == nullptr &&
            find_column(before, column.name) == nullptr) {
            renames.push_back({after.name, old, column.name});
        }
    }
    return renames;
}

SchemaDiff diff(const Schema& from, const Schema& to, std::span<const ColumnRename> renames) {
    Phases phases;
    Schema renamed = from;
    for (const ColumnRename& rename : renames) {
        const StepAction step = RenameColumn{rename.datasource, rename.from, rename.to};
        if (!apply_step(step, renamed)) {
            phases.rename.push_back(step);
        }
    }
    diff_datasources(renamed, to, phases);
    diff_views(from, to, phases);
    SchemaDiff result;
    for (std::vector<StepAction>* phase :
         {&phases.drop_views, &phases.rename, &phases.create_datasources, &phases.alter, &phases.change_views,
          &phases.drop_columns, &phases.create_views, &phases.drop_datasources}) {
        std::move(phase->begin(), phase->end(), std::back_inserter(result.steps));
    }
    result.impossible = std::move(phases.impossible);
    return result;
}

} // namespace birdhouse::model
