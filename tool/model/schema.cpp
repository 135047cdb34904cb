#include "model/schema.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace birdhouse::model {

namespace {

template <class Named>
auto find_by_name(std::vector<Named>& all, std::string_view name) {
    return std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
}

// Keeps lists sorted by name, so that two schemas compare whatever the order their parts came in.
template <class Named>
void insert_by_name(std::vector<Named>& all, Named one) {
    const auto place =
        std::find_if(all.begin(), all.end(), [&](const Named& other) { return one.name < other.name; });
    all.insert(place, std::move(one));
}

std::string missing_datasource(std::string_view name) {
    return "there is no datasource " + backquoted(name) + " at this point";
}

std::string missing_column(std::string_view datasource, std::string_view name) {
    return backquoted(datasource) + " has no column " + backquoted(name) + " at this point";
}

// Each overload changes the schema or gives the reason why it cannot.
class Applier {
public:
    explicit Applier(Schema& schema) : schema_(schema) {}

    std::optional<std::string> operator()(const CreateDatasource& step) {
        if (name_taken(step.datasource.name)) {
            return backquoted(step.datasource.name) + " exists already at this point";
        }
        insert_by_name(schema_.datasources, storage_of(step.datasource));
        return std::nullopt;
    }

    std::optional<std::string> operator()(const DropDatasource& step) {
        const auto found = find_by_name(schema_.datasources, step.datasource);
        if (found == schema_.datasources.end()) {
            return missing_datasource(step.datasource);
        }
        for (const MaterializedView& view : schema_.views) {
            if (view.target == step.datasource) {
                return "materialized view " + backquoted(view.name) + " still writes to " +
                       backquoted(step.datasource);
            }
        }
        schema_.datasources.erase(found);
        return std::nullopt;
    }

    std::optional<std::string> operator()(const AddColumn& step) {
        Datasource* datasource = find(step.datasource);
        if (datasource == nullptr) {
            return missing_datasource(step.datasource);
        }
        if (find_column(*datasource, step.column.name) != nullptr) {
            return backquoted(step.datasource) + " has a column " + backquoted(step.column.name) + " already";
        }
        return place_column(*datasource, storage_of_column(step.column), step.position);
    }

    std::optional<std::string> operator()(const DropColumn& step) {
        return with_column(
            step.datasource, step.name,
            [&](Datasource& datasource, Column& column) -> std::optional<std::string> {
                if (datasource.columns.size() == 1) {
                    return backquoted(step.name) + " is the only column of " + backquoted(step.datasource);
                }
                datasource.columns.erase(datasource.columns.begin() + (&column - datasource.columns.data()));
                return std::nullopt;
            });
    }

    std::optional<std::string> operator()(const MoveColumn& step) {
        return with_column(
            step.datasource, step.name,
            [&](Datasource& datasource, Column& column) -> std::optional<std::string> {
                if (step.position.after == step.name) {
                    return backquoted(step.name) + " cannot stand after itself";
                }
                if (!step.position.first && find_column(datasource, step.position.after) == nullptr) {
                    return missing_column(step.datasource, step.position.after);
                }
                const auto place = datasource.columns.begin() + (&column - datasource.columns.data());
                Column moved = std::move(*place);
                datasource.columns.erase(place);
                return place_column(datasource, std::move(moved), step.position);
            });
    }

    std::optional<std::string> operator()(const RenameColumn& step) {
        return with_column(step.datasource, step.from,
                           [&](Datasource& datasource, Column& column) -> std::optional<std::string> {
                               if (find_column(datasource, step.to) != nullptr) {
                                   return backquoted(step.datasource) + " has a column " +
                                          backquoted(step.to) + " already";
                               }
                               column.name = step.to;
                               return std::nullopt;
                           });
    }

    std::optional<std::string> operator()(const ChangeType& step) {
        return with_column(step.datasource, step.name, [&](Datasource&, Column& column) {
            column.type = step.type;
            return std::optional<std::string>();
        });
    }

    std::optional<std::string> operator()(const SetDefault& step) {
        return with_column(step.datasource, step.name, [&](Datasource&, Column& column) {
            column.default_expression = step.expression;
            return std::optional<std::string>();
        });
    }

    std::optional<std::string> operator()(const SetNullable& step) {
        return with_column(
            step.datasource, step.name, [&](Datasource&, Column& column) -> std::optional<std::string> {
                if (is_nullable(column.type) == step.nullable) {
                    return backquoted(step.name) +
                           (step.nullable ? " is Nullable already" : " is not Nullable");
                }
                column.type = step.nullable ? make_nullable(column.type) : make_not_nullable(column.type);
                return std::nullopt;
            });
    }

    std::optional<std::string> operator()(const SetTtl& step) {
        Datasource* datasource = find(step.datasource);
        if (datasource == nullptr) {
            return missing_datasource(step.datasource);
        }
        datasource->engine.ttl = step.ttl;
        return std::nullopt;
    }

    std::optional<std::string> operator()(const AddIndex& step) {
        Datasource* datasource = find(step.datasource);
        if (datasource == nullptr) {
            return missing_datasource(step.datasource);
        }
        if (find_by_name(datasource->indexes, step.index.name) != datasource->indexes.end()) {
            return backquoted(step.datasource) + " has an index " + backquoted(step.index.name) + " already";
        }
        insert_by_name(datasource->indexes, step.index);
        return std::nullopt;
    }

    std::optional<std::string> operator()(const DropIndex& step) {
        Datasource* datasource = find(step.datasource);
        if (datasource == nullptr) {
            return missing_datasource(step.datasource);
        }
        const auto found = find_by_name(datasource->indexes, step.name);
        if (found == datasource->indexes.end()) {
            return backquoted(step.datasource) + " has no index " + backquoted(step.name) + " at this point";
        }
        datasource->indexes.erase(found);
        return std::nullopt;
    }

    std::optional<std::string> operator()(const CreateMaterializedView& step) {
        if (name_taken(step.view)) {
            return backquoted(step.view) + " exists already at this point";
        }
        if (find(step.target) == nullptr) {
            return missing_datasource(step.target);
        }
        insert_by_name(schema_.views, {step.view, step.target, step.sql, {}});
        return std::nullopt;
    }

    std::optional<std::string> operator()(const DropMaterializedView& step) {
        const auto found = find_by_name(schema_.views, step.view);
        if (found == schema_.views.end()) {
            return missing_view(step.view);
        }
        schema_.views.erase(found);
        return std::nullopt;
    }

    std::optional<std::string> operator()(const ChangeMaterializedView& step) {
        const auto found = find_by_name(schema_.views, step.view);
        if (found == schema_.views.end()) {
            return missing_view(step.view);
        }
        found->sql = step.sql;
        return std::nullopt;
    }

    std::optional<std::string> operator()(const SetJsonPath& step) {
        return with_column(step.datasource, step.name, [&](Datasource&, Column& column) {
            column.json_path = step.path;
            return std::optional<std::string>();
        });
    }

    std::optional<std::string> operator()(const RebuildDatasource& step) {
        Datasource* datasource = find(step.datasource);
        if (datasource == nullptr) {
            return missing_datasource(step.datasource);
        }
        for (const Conversion& one : step.convert) {
            if (find_column(*datasource, one.name) == nullptr) {
                return missing_column(step.datasource, one.name);
            }
        }
        Datasource rebuilt = *datasource;
        for (const NewType& one : step.types) {
            const auto column = find_by_name(rebuilt.columns, one.name);
            if (column == rebuilt.columns.end()) {
                return missing_column(step.datasource, one.name);
            }
            column->type = one.type;
        }
        rebuilt.engine = step.engine.value_or(rebuilt.engine);
        *datasource = std::move(rebuilt);
        return std::nullopt;
    }

    static Column storage_of_column(Column column) {
        column.description.clear();
        column.renamed_from.reset();
        column.allowed.clear();
        column.range.reset();
        column.max_chars.reset();
        column.pattern.reset();
        column.privacy = Privacy::None;
        return column;
    }

private:
    static std::string missing_view(std::string_view name) {
        return "there is no materialized view " + backquoted(name) + " at this point";
    }

    bool name_taken(std::string_view name) const {
        return model::find_datasource(schema_, name) != nullptr || find_view(schema_, name) != nullptr;
    }

    static std::optional<std::string> place_column(Datasource& datasource, Column column,
                                                   const ColumnPosition& position) {
        auto place = position.first ? datasource.columns.begin() : datasource.columns.end();
        if (!position.after.empty()) {
            place = find_by_name(datasource.columns, position.after);
            if (place == datasource.columns.end()) {
                return missing_column(datasource.name, position.after);
            }
            ++place;
        }
        datasource.columns.insert(place, std::move(column));
        return std::nullopt;
    }

    Datasource* find(std::string_view name) {
        const auto found = find_by_name(schema_.datasources, name);
        return found == schema_.datasources.end() ? nullptr : &*found;
    }

    template <class Change>
    std::optional<std::string> with_column(std::string_view datasource_name, std::string_view name,
                                           Change change) {
        Datasource* datasource = find(datasource_name);
        if (datasource == nullptr) {
            return missing_datasource(datasource_name);
        }
        const auto column = find_by_name(datasource->columns, name);
        if (column == datasource->columns.end()) {
            return missing_column(datasource_name, name);
        }
        return change(*datasource, *column);
    }

    Schema& schema_;
};

// Every argument names something that stands in `before_`: inverse() is asked for steps that applied.
class Inverter {
public:
    explicit Inverter(const Schema& before) : before_(before) {}

    StepAction operator()(const CreateDatasource& step) const { return DropDatasource{step.datasource.name}; }
    StepAction operator()(const DropDatasource& step) const {
        return CreateDatasource{*model::find_datasource(before_, step.datasource)};
    }
    StepAction operator()(const AddColumn& step) const {
        return DropColumn{step.datasource, step.column.name};
    }
    StepAction operator()(const DropColumn& step) const {
        const Column& column = old_column(step.datasource, step.name);
        const bool is_last = &column == &model::find_datasource(before_, step.datasource)->columns.back();
        const ColumnPosition position = old_position(step.datasource, step.name);
        return AddColumn{step.datasource, column, is_last && !position.first ? ColumnPosition{} : position};
    }
    StepAction operator()(const MoveColumn& step) const {
        return MoveColumn{step.datasource, step.name, old_position(step.datasource, step.name)};
    }
    StepAction operator()(const RenameColumn& step) const {
        return RenameColumn{step.datasource, step.to, step.from};
    }
    StepAction operator()(const ChangeType& step) const {
        return ChangeType{step.datasource, step.name, old_column(step.datasource, step.name).type};
    }
    StepAction operator()(const SetDefault& step) const {
        return SetDefault{step.datasource, step.name,
                          old_column(step.datasource, step.name).default_expression};
    }
    StepAction operator()(const SetNullable& step) const {
        return SetNullable{step.datasource, step.name, !step.nullable};
    }
    StepAction operator()(const SetTtl& step) const {
        return SetTtl{step.datasource, model::find_datasource(before_, step.datasource)->engine.ttl};
    }
    StepAction operator()(const AddIndex& step) const { return DropIndex{step.datasource, step.index.name}; }
    StepAction operator()(const DropIndex& step) const {
        const std::vector<Index>& indexes = model::find_datasource(before_, step.datasource)->indexes;
        return AddIndex{step.datasource,
                        *std::find_if(indexes.begin(), indexes.end(),
                                      [&](const Index& index) { return index.name == step.name; })};
    }
    StepAction operator()(const CreateMaterializedView& step) const {
        return DropMaterializedView{step.view};
    }
    StepAction operator()(const DropMaterializedView& step) const {
        const MaterializedView& view = *find_view(before_, step.view);
        return CreateMaterializedView{view.name, view.target, view.sql, false};
    }
    StepAction operator()(const ChangeMaterializedView& step) const {
        return ChangeMaterializedView{step.view, find_view(before_, step.view)->sql};
    }
    StepAction operator()(const SetJsonPath& step) const {
        return SetJsonPath{step.datasource, step.name, old_column(step.datasource, step.name).json_path};
    }

    // What a conversion wrote over stays as it wrote it.
    StepAction operator()(const RebuildDatasource& step) const {
        RebuildDatasource back{step.datasource, std::nullopt, {}, {}};
        if (step.engine) {
            back.engine = model::find_datasource(before_, step.datasource)->engine;
        }
        for (const NewType& one : step.types) {
            back.types.push_back({one.name, old_column(step.datasource, one.name).type});
        }
        return back;
    }

private:
    const Column& old_column(std::string_view datasource, std::string_view name) const {
        return *find_column(*model::find_datasource(before_, datasource), name);
    }
    ColumnPosition old_position(std::string_view datasource, std::string_view name) const {
        const std::vector<Column>& columns = model::find_datasource(before_, datasource)->columns;
        const auto index = static_cast<std::size_t>(&old_column(datasource, name) - columns.data());
        return index == 0 ? ColumnPosition{true, {}} : ColumnPosition{false, columns[index - 1].name};
    }
    const Schema& before_;
};

constexpr std::string_view kNullable = "Nullable(";
constexpr std::string_view kLowCardinality = "LowCardinality(";

// "Wrapper(inner)" to "inner"; nothing when the type is not wrapped so.
std::optional<std::string_view> unwrap(std::string_view type, std::string_view wrapper) {
    if (!type.starts_with(wrapper) || !type.ends_with(')')) {
        return std::nullopt;
    }
    return type.substr(wrapper.size(), type.size() - wrapper.size() - 1);
}

} // namespace

const Datasource* find_datasource(const Schema& schema, std::string_view name) {
    const auto found = std::find_if(schema.datasources.begin(), schema.datasources.end(),
                                    [&](const Datasource& one) { return one.name == name; });
    return found == schema.datasources.end() ? nullptr : &*found;
}

const MaterializedView* find_view(const Schema& schema, std::string_view name) {
    const auto found = std::find_if(schema.views.begin(), schema.views.end(),
                                    [&](const MaterializedView& one) { return one.name == name; });
    return found == schema.views.end() ? nullptr : &*found;
}

Datasource storage_of(const Datasource& datasource) {
    Datasource storage;
    storage.name = datasource.name;
    for (const Column& column : datasource.columns) {
        storage.columns.push_back(Applier::storage_of_column(column));
    }
    storage.engine = datasource.engine;
    for (const Index& index : datasource.indexes) {
        insert_by_name(storage.indexes, index);
    }
    storage.origin = datasource.origin;
    return storage;
}

std::optional<std::string> apply_step(const StepAction& action, Schema& schema) {
    return std::visit(Applier(schema), action);
}

StepAction inverse(const StepAction& action, const Schema& before) {
    return std::visit(Inverter(before), action);
}

bool is_nullable(std::string_view type) {
    const std::string_view inner = unwrap(type, kLowCardinality).value_or(type);
    return inner.starts_with(kNullable);
}

std::string make_nullable(std::string_view type) {
    if (is_nullable(type)) {
        return std::string(type);
    }
    if (const auto inner = unwrap(type, kLowCardinality)) {
        return std::string(kLowCardinality) + std::string(kNullable) + std::string(*inner) + "))";
    }
    return std::string(kNullable) + std::string(type) + ")";
}

std::string make_not_nullable(std::string_view type) {
    if (const auto inner = unwrap(type, kLowCardinality)) {
        return std::string(kLowCardinality) + std::string(unwrap(*inner, kNullable).value_or(*inner)) + ")";
    }
    return std::string(unwrap(type, kNullable).value_or(type));
}

} // namespace birdhouse::model
