// The steps from one schema to another. The order is the one that keeps inserts working: what readers and
// views need is added before they change, and what they no longer need goes after.
#include "base/text.hpp"
#include "model/schema.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

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

// Which of the numbers, at least one, belong to a longest run of rising ones that may have others between
// them. Those others are the fewest that have to move for all to rise.
std::vector<bool> longest_rise(const std::vector<std::size_t>& numbers) {
    constexpr std::size_t kNone = SIZE_MAX;
    std::vector<std::size_t> length(numbers.size(), 1); // of the longest run that ends here
    std::vector<std::size_t> before(numbers.size(), kNone);
    std::size_t last = 0; // where the longest of all ends
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (numbers[j] < numbers[i] && length[j] + 1 > length[i]) {
                length[i] = length[j] + 1;
                before[i] = j;
            }
        }
        last = length[i] > length[last] ? i : last;
    }
    std::vector<bool> rises(numbers.size(), false);
    for (std::size_t i = last; i != kNone; i = before[i]) {
        rises[i] = true;
    }
    return rises;
}

// No ALTER touches the columns of a Join table, and to the engine a Nested is the columns of its parts.
bool can_move(const Datasource& datasource, const Column& column) {
    return to_lower_ascii(datasource.engine.kind) != "join" && !column.type.starts_with("Nested(");
}

// Those that both have are put into their new order, by as few moves as it takes. `order` is the table's.
void move_columns(const Datasource& from, const Datasource& to, std::vector<std::string>& order,
                  Phases& phases) {
    std::vector<std::string> kept; // in the new order
    for (const Column& column : to.columns) {
        if (find_column(from, column.name) != nullptr) {
            kept.push_back(column.name);
        }
    }
    std::vector<std::size_t> places; // of the columns of `kept`, as they stand in the table
    for (const std::string& name : kept) {
        places.push_back(
            static_cast<std::size_t>(std::find(order.begin(), order.end(), name) - order.begin()));
    }
    if (std::is_sorted(places.begin(), places.end())) {
        return;
    }
    const std::vector<bool> stays = longest_rise(places);
    std::vector<StepAction> moves;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (stays[i]) {
            continue;
        }
        if (!can_move(from, *find_column(from, kept[i]))) {
            phases.impossible.push_back("the columns of " + backquoted(to.name) + " change their order");
            return;
        }
        order.erase(std::find(order.begin(), order.end(), kept[i]));
        const auto place = i == 0 ? order.begin() : std::find(order.begin(), order.end(), kept[i - 1]) + 1;
        order.insert(place, kept[i]);
        const ColumnPosition position{i == 0, i == 0 ? std::string() : kept[i - 1]};
        moves.push_back(MoveColumn{to.name, kept[i], position});
    }
    std::move(moves.begin(), moves.end(), std::back_inserter(phases.alter));
}

void diff_columns(const Datasource& from, const Datasource& to, Phases& phases) {
    std::vector<std::string> order; // of the table while the steps run
    for (const Column& column : from.columns) {
        order.push_back(column.name);
        if (find_column(to, column.name) == nullptr) {
            phases.drop_columns.push_back(DropColumn{to.name, column.name});
        }
    }
    move_columns(from, to, order, phases);
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
