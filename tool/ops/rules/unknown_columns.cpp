#include "ops/rules/unknown_columns.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/rules/engine_fields.hpp"
#include "ops/rules/expression_names.hpp"
#include "ops/rules/places.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <vector>

namespace birdhouse::ops {

namespace {

constexpr std::size_t kMostReported = 20; // of one expression; looking for near names takes time

class KnownColumns {
public:
    explicit KnownColumns(const model::Datasource& datasource) {
        for (const model::Column& column : datasource.columns) {
            names_.push_back(column.name);
            // `n.a` is a column of `n`, whose type says what it has.
            set_.insert(column.name);
        }
        filled_by_connector_ = !datasource.connector_settings.empty();
    }

    bool has(const std::string& name) const {
        // `__timestamp` and the like are there undeclared: connectors bring them.
        const bool brought = name.starts_with("__") || (filled_by_connector_ && name.starts_with("_"));
        return brought || set_.contains(name) ||
               set_.contains(std::string_view(name).substr(0, name.find('.')));
    }

    std::string mend(std::string_view name) const {
        const std::optional<std::string> near = nearest(name, names_);
        return near ? "did you mean " + backquoted(*near) + "?" : "declare the column, or name another";
    }

private:
    std::vector<std::string_view> names_;
    std::unordered_set<std::string_view> set_;
    bool filled_by_connector_ = false;
};

std::vector<std::string> unknown_in(const std::string& expression, const KnownColumns& known) {
    std::vector<std::string> unknown;
    for (ExpressionName& name : expression_names(expression)) {
        if (!known.has(name.name) && unknown.size() < kMostReported &&
            std::find(unknown.begin(), unknown.end(), name.name) == unknown.end()) {
            unknown.push_back(std::move(name.name));
        }
    }
    return unknown;
}

} // namespace

void check_engine_columns(const RuleFacts& facts, Diagnostics& problems) {
    for (const model::Datasource& datasource : facts.project.datasources) {
        if (!facts.understood(datasource.origin)) {
            continue;
        }
        const KnownColumns known(datasource);
        for (const ColumnField& field : column_fields()) {
            const std::string_view called = name_of(field, datasource, facts);
            for (const std::string& name : unknown_in(datasource.engine.*field.value, known)) {
                problems.add(codes::F042, place_in_engine(datasource, called, name, facts.sources),
                             backquoted(called) + " names " + backquoted(shorten(name, 80)) +
                                 ", which is no column",
                             known.mend(name));
            }
        }
    }
}

void check_index_columns(const RuleFacts& facts, Diagnostics& problems) {
    for (const model::Datasource& datasource : facts.project.datasources) {
        if (datasource.indexes.empty() || !facts.understood(datasource.origin)) {
            continue;
        }
        const KnownColumns known(datasource);
        for (const model::Index& index : datasource.indexes) {
            for (const std::string& name : unknown_in(index.expression, known)) {
                problems.add(codes::F300, place_in_index(index, name, facts.sources),
                             "index " + backquoted(index.name) + " names " + backquoted(shorten(name, 80)) +
                                 ", which is no column",
                             known.mend(name));
            }
        }
    }
}

} // namespace birdhouse::ops
