// The storage side of a project: tables and views, without tokens, rules and descriptions. Migrations are
// steps over it: apply(diff(a, b), a) == b.
#pragma once

#include "model/migration.hpp"
#include "model/project.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::model {

struct MaterializedView {
    std::string name;
    std::string target;
    std::string sql;
    Origin origin;
    friend bool operator==(const MaterializedView&, const MaterializedView&) = default;
};

struct Schema {
    std::vector<Datasource> datasources; // by name
    std::vector<MaterializedView> views; // by name
    friend bool operator==(const Schema&, const Schema&) = default;
};

const Datasource* find_datasource(const Schema& schema, std::string_view name);
const MaterializedView* find_view(const Schema& schema, std::string_view name);

// What of a datasource a table and its ingestion consist of; the rest compares equal to nothing.
Datasource storage_of(const Datasource& datasource);

// Changes `schema`, or says why the step does not fit it ("`llm_events` has no column `old`") and leaves it.
std::optional<std::string> apply_step(const StepAction& action, Schema& schema);

// The step that takes the schema back to `before`. What data it cannot bring back is the caller's to say.
StepAction inverse(const StepAction& action, const Schema& before);

struct SchemaDiff {
    std::vector<StepAction> steps;       // in an order that is safe while events keep coming
    std::vector<std::string> impossible; // changes that no step can make in place, one sentence each
};

// A column that goes by another name from now on, and keeps its values.
struct ColumnRename {
    std::string datasource;
    std::string from;
    std::string to;
    friend bool operator==(const ColumnRename&, const ColumnRename&) = default;
};

// Those that the later columns declare (`renamed_from`) and that still have to be done: the earlier state has
// the old name, and each state only one of the two.
std::vector<ColumnRename> renames_between(const Datasource& before, const Datasource& after);

// Renames are not guessed: a renamed column is a drop and an add unless it is among `renames`.
SchemaDiff diff(const Schema& from, const Schema& to, std::span<const ColumnRename> renames = {});

// `Nullable(UInt8)` for `UInt8`, `LowCardinality(Nullable(String))` for `LowCardinality(String)`; and back.
std::string make_nullable(std::string_view type);
std::string make_not_nullable(std::string_view type);
bool is_nullable(std::string_view type);

} // namespace birdhouse::model
