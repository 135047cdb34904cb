// Migrations as values: numbered lists of typed steps from one schema to the next.
#pragma once

#include "base/source.hpp"
#include "model/datasource.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace birdhouse::model {

// Where a new column stands. Order matters: `INSERT INTO t SELECT` maps columns by position.
struct ColumnPosition {
    bool first = false;
    std::string after; // empty and not first: at the end
    friend bool operator==(const ColumnPosition&, const ColumnPosition&) = default;
};

struct CreateDatasource {
    Datasource datasource; // as it is at this point of the history, not as declared today
    friend bool operator==(const CreateDatasource&, const CreateDatasource&) = default;
};
struct DropDatasource {
    std::string datasource;
    friend bool operator==(const DropDatasource&, const DropDatasource&) = default;
};
struct AddColumn {
    std::string datasource;
    Column column;
    ColumnPosition position;
    friend bool operator==(const AddColumn&, const AddColumn&) = default;
};
struct DropColumn {
    std::string datasource;
    std::string name;
    friend bool operator==(const DropColumn&, const DropColumn&) = default;
};
// Only where it stands changes: first, or after another.
struct MoveColumn {
    std::string datasource;
    std::string name;
    ColumnPosition position;
    friend bool operator==(const MoveColumn&, const MoveColumn&) = default;
};
struct RenameColumn {
    std::string datasource;
    std::string from;
    std::string to;
    friend bool operator==(const RenameColumn&, const RenameColumn&) = default;
};
struct ChangeType {
    std::string datasource;
    std::string name;
    std::string type;
    friend bool operator==(const ChangeType&, const ChangeType&) = default;
};
struct SetDefault {
    std::string datasource;
    std::string name;
    std::optional<std::string> expression; // absent: the default is removed
    friend bool operator==(const SetDefault&, const SetDefault&) = default;
};
struct SetNullable {
    std::string datasource;
    std::string name;
    bool nullable = true;
    friend bool operator==(const SetNullable&, const SetNullable&) = default;
};
struct SetTtl {
    std::string datasource;
    std::string ttl; // empty: the TTL is removed
    friend bool operator==(const SetTtl&, const SetTtl&) = default;
};
struct AddIndex {
    std::string datasource;
    Index index;
    friend bool operator==(const AddIndex&, const AddIndex&) = default;
};
struct DropIndex {
    std::string datasource;
    std::string name;
    friend bool operator==(const DropIndex&, const DropIndex&) = default;
};
struct CreateMaterializedView {
    std::string view;
    std::string target; // the datasource its rows go to
    std::string sql;
    bool backfill = false; // fill the (empty) target from the rows that exist, before the view takes new ones
    friend bool operator==(const CreateMaterializedView&, const CreateMaterializedView&) = default;
};
struct DropMaterializedView {
    std::string view;
    friend bool operator==(const DropMaterializedView&, const DropMaterializedView&) = default;
};
struct ChangeMaterializedView {
    std::string view;
    std::string sql;
    friend bool operator==(const ChangeMaterializedView&, const ChangeMaterializedView&) = default;
};
// Ingestion only: the table does not change.
struct SetJsonPath {
    std::string datasource;
    std::string name;
    std::optional<std::string> path;
    friend bool operator==(const SetJsonPath&, const SetJsonPath&) = default;
};

// An expression over the columns of the table as it was; its value goes into the column `name`.
struct Conversion {
    std::string name;
    std::string expression;
    friend bool operator==(const Conversion&, const Conversion&) = default;
};
struct NewType {
    std::string name;
    std::string type;
    friend bool operator==(const NewType&, const NewType&) = default;
};
// What no ALTER can do: the rows are copied into a new table, which then takes the old one's name.
struct RebuildDatasource {
    std::string datasource;
    std::optional<TableEngine> engine; // the whole engine after; absent: it stays
    std::vector<NewType> types;        // of the columns that change theirs, by name
    std::vector<Conversion> convert;   // by name; a column without one keeps its value, cast to its new type
    friend bool operator==(const RebuildDatasource&, const RebuildDatasource&) = default;
};

using StepAction =
    std::variant<CreateDatasource, DropDatasource, AddColumn, DropColumn, MoveColumn, RenameColumn,
                 ChangeType, SetDefault, SetNullable, SetTtl, AddIndex, DropIndex, CreateMaterializedView,
                 DropMaterializedView, ChangeMaterializedView, SetJsonPath, RebuildDatasource>;

struct MigrationStep {
    StepAction action;
    Origin origin;
    friend bool operator==(const MigrationStep&, const MigrationStep&) = default;
};

// A typed, counted permission to lose something: `{code: D101, column: llm_events.old, rows: 412000}`.
struct Allowance {
    std::string code;                  // D101 ...
    std::string subject;               // `datasource.column` or `datasource`
    std::optional<std::uint64_t> rows; // at most so many rows may be touched; absent: any number
    Origin origin;
    friend bool operator==(const Allowance&, const Allowance&) = default;
};

struct Migration {
    std::string id; // `0002_image_columns`, the file's stem
    std::string description;
    std::vector<MigrationStep> steps;
    std::vector<Allowance> allow;
    bool checkpoint = false; // its steps build from nothing what all migrations before it built
    std::string checksum;    // sha256 of the file's bytes, hexadecimal
    Origin origin;
    friend bool operator==(const Migration&, const Migration&) = default;
};

// The name a step has in migration files: `add_column`.
std::string_view kind_of(const StepAction& action);
// For people: "add column `llm_events.image_width` UInt16".
std::string describe(const StepAction& action);

} // namespace birdhouse::model
