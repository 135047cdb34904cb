#include "codec/schema_texts.hpp"

#include "base/text.hpp"
#include "codec/engine_directives.hpp"
#include "codec/sql_form.hpp"
#include "codec/ttl_change.hpp"
#include "codec/type_change.hpp"

#include <algorithm>
#include <optional>

namespace birdhouse::codec {

namespace {

using model::Column;
using model::Datasource;
using model::TableEngine;

void take_text(const std::optional<std::string>& old, std::optional<std::string>& now) {
    if (old && now && sql_form(*old) == sql_form(*now)) {
        now = old;
    }
}

void take_column(const Column& old, Column& now) {
    if (compare_types(old.type, now.type).empty()) {
        now.type = old.type;
    }
    take_text(old.default_expression, now.default_expression);
    take_text(old.materialized, now.materialized);
    take_text(old.codec, now.codec);
}

void take_engine(const TableEngine& old, TableEngine& now) {
    for (const EngineDirective& directive : engine_directives()) {
        if (key_form(old.*directive.field) == key_form(now.*directive.field)) {
            now.*directive.field = old.*directive.field;
        }
    }
    if (to_lower_ascii(old.kind) == to_lower_ascii(now.kind)) {
        now.kind = old.kind;
    }
    if (compare_ttl(old.ttl, now.ttl) == TtlChange::Same) {
        now.ttl = old.ttl;
    }
    // A primary key that is said and is the sorting key says nothing.
    const std::string& implied = now.primary_key.empty() ? now.sorting_key : now.primary_key;
    const std::string& earlier = old.primary_key.empty() ? old.sorting_key : old.primary_key;
    if (key_form(implied) == key_form(earlier) && key_form(old.sorting_key) == key_form(now.sorting_key)) {
        now.primary_key = old.primary_key;
    }
}

std::string form_of(const model::Index& index) {
    return sql_form(index.expression + " TYPE " + index.type + " GRANULARITY " + index.granularity);
}

void take_datasource(const Datasource& old, Datasource& now) {
    for (Column& column : now.columns) {
        if (const Column* same = find_column(old, column.name)) {
            take_column(*same, column);
        }
    }
    take_engine(old.engine, now.engine);
    for (model::Index& index : now.indexes) {
        const auto same = std::find_if(old.indexes.begin(), old.indexes.end(), [&](const model::Index& one) {
            return one.name == index.name && form_of(one) == form_of(index);
        });
        index = same == old.indexes.end() ? index : *same;
    }
}

} // namespace

model::Schema with_texts_of(const model::Schema& before, model::Schema after) {
    for (Datasource& datasource : after.datasources) {
        if (const Datasource* old = find_datasource(before, datasource.name)) {
            take_datasource(*old, datasource);
        }
    }
    for (model::MaterializedView& view : after.views) {
        const model::MaterializedView* old = find_view(before, view.name);
        if (old != nullptr && sql_form(old->sql) == sql_form(view.sql)) {
            view.sql = old->sql;
        }
    }
    return after;
}

} // namespace birdhouse::codec
