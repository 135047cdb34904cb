#include "codec/schema_steps.hpp"

#include "codec/column_diff.hpp"
#include "codec/engine_directives.hpp"
#include "codec/schema_texts.hpp"
#include "codec/type_change.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using model::Column;
using model::Datasource;
using model::RebuildDatasource;
using model::Schema;
using model::StepAction;

// In place these are refused, stop half-way at the first value that does not convert, or change values
// without a word.
bool is_unsafe_in_place(ChangeKind kind) {
    using enum ChangeKind;
    static constexpr std::array kKinds = {TypeNarrowed, TypeChanged, TextToJson, EnumValuesRemoved,
                                          EnumValuesRenumbered};
    return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

// States of another function cannot be made of what is stored, whatever is written again.
bool is_impossible(const std::vector<ChangeKind>& kinds) {
    return std::find(kinds.begin(), kinds.end(), ChangeKind::AggregateStateChanged) != kinds.end();
}

bool is_metadata(ChangeKind kind) {
    return kind == ChangeKind::TimeZoneChanged || kind == ChangeKind::EnumValuesAdded ||
           kind == ChangeKind::AggregationChanged;
}

bool needs_rebuild(const Datasource& old, const Datasource& now, const Column& column,
                   const std::vector<ChangeKind>& kinds) {
    const bool in_key = is_in_key(old.engine, column.name) || is_in_key(now.engine, column.name);
    return std::any_of(kinds.begin(), kinds.end(), [&](ChangeKind kind) {
        return is_unsafe_in_place(kind) || (in_key && !is_metadata(kind));
    });
}

// A view's new query gives what the new table takes, and each insert would fail where that cannot be made.
void keep_views_of(const std::set<std::string>& unchanged, const Schema& old, Schema& rest) {
    for (model::MaterializedView& view : rest.views) {
        const model::MaterializedView* same = find_view(old, view.name);
        if (same != nullptr && unchanged.contains(view.target)) {
            view.sql = same->sql;
        }
    }
}

// The engine but for its TTL, which changes in place.
model::TableEngine shape_of(model::TableEngine engine) {
    engine.ttl.clear();
    return engine;
}

// `rebuilt` becomes what is left to the other steps.
std::optional<RebuildDatasource> take_rebuild(const Datasource& old, Datasource& rest,
                                              std::vector<std::string>& impossible) {
    RebuildDatasource step;
    step.datasource = rest.name;
    if (shape_of(old.engine) != shape_of(rest.engine)) {
        step.engine = rest.engine;
        const std::string ttl = rest.engine.ttl;
        rest.engine = old.engine;
        rest.engine.ttl = ttl;
    }
    const Datasource now = rest;
    for (Column& column : rest.columns) {
        const Column* same = find_column(old, column.name);
        const std::vector<ChangeKind> kinds =
            same == nullptr ? std::vector<ChangeKind>() : compare_types(same->type, column.type);
        if (is_impossible(kinds)) {
            impossible.push_back("the aggregate state of `" + rest.name + "." + column.name +
                                 "` changes from " + same->type + " to " + column.type);
            column.type = same->type;
        } else if (!kinds.empty() && needs_rebuild(old, now, column, kinds)) {
            step.types.push_back({column.name, column.type});
            column.type = same->type;
        }
    }
    if (!step.engine && step.types.empty()) {
        return std::nullopt;
    }
    return step;
}

// Views change and columns go after the tables have their new shape.
bool comes_after_rebuild(const StepAction& action) {
    return std::holds_alternative<model::ChangeMaterializedView>(action) ||
           std::holds_alternative<model::DropColumn>(action) ||
           std::holds_alternative<model::CreateMaterializedView>(action) ||
           std::holds_alternative<model::DropDatasource>(action);
}

} // namespace

std::vector<model::ColumnRename> declared_renames(const Schema& from, std::span<const Datasource> to) {
    std::vector<model::ColumnRename> renames;
    for (const Datasource& now : to) {
        if (const Datasource* old = find_datasource(from, now.name)) {
            std::vector<model::ColumnRename> found = model::renames_between(*old, now);
            std::move(found.begin(), found.end(), std::back_inserter(renames));
        }
    }
    return renames;
}

model::SchemaDiff derive_steps(const Schema& from, const Schema& to,
                               std::span<const model::ColumnRename> renames) {
    Schema renamed = from;
    for (const model::ColumnRename& rename : renames) {
        apply_step(model::RenameColumn{rename.datasource, rename.from, rename.to}, renamed);
    }
    Schema rest = with_texts_of(renamed, to);
    std::vector<StepAction> rebuilds;
    std::vector<std::string> impossible;
    std::set<std::string> unchanged;
    for (Datasource& datasource : rest.datasources) {
        const Datasource* old = find_datasource(renamed, datasource.name);
        if (old == nullptr) {
            continue;
        }
        const std::size_t known = impossible.size();
        if (std::optional<RebuildDatasource> step = take_rebuild(*old, datasource, impossible)) {
            rebuilds.emplace_back(std::move(*step));
        }
        if (impossible.size() > known) {
            unchanged.insert(datasource.name);
        }
    }
    keep_views_of(unchanged, from, rest);
    model::SchemaDiff difference = model::diff(from, rest, renames);
    difference.impossible.insert(difference.impossible.end(), impossible.begin(), impossible.end());
    const auto place = std::find_if(difference.steps.begin(), difference.steps.end(), comes_after_rebuild);
    difference.steps.insert(place, std::make_move_iterator(rebuilds.begin()),
                            std::make_move_iterator(rebuilds.end()));
    return difference;
}

} // namespace birdhouse::codec
