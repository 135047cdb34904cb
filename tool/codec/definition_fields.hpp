// The fields of every object a definition is made of, as one table: the reader checks against it and the
// JSON Schemas are printed from it, so that the two cannot disagree.
#pragma once

#include <span>
#include <string_view>

namespace birdhouse::codec {

enum class ObjectKind {
    Project,
    Target,
    Ingestion,
    Privacy,
    Datasource,
    Group,
    GroupUse,
    Column,
    Engine,
    Index,
    Token,
    Pipe,
    PipeToken,
    Node,
    Export,
    Kafka,
    Import,
    Connection,
    KafkaConnection,
    S3Connection,
    GcsConnection,
    DynamoDbConnection,
    Migration,
    Step, // exactly one of its fields: the step's kind
    Allowance,
    CreateDatasource,
    DropDatasource,
    AddColumn,
    DropColumn,
    MoveColumn,
    RenameColumn,
    ChangeType,
    SetDefault,
    SetNullable,
    SetTtl,
    AddIndex,
    DropIndex,
    CreateMaterializedView,
    DropMaterializedView,
    ChangeMaterializedView,
    SetJsonPath,
    RebuildDatasource,
    Contract,
    OutputColumn,
    ContractParameter,
};

enum class ValueKind {
    Text,
    TextOrNull,
    Word,   // one of `words`
    Number, // whole, not negative
    Boolean,
    Expression, // ClickHouse text; a plain number or true/false stands for itself
    ExpressionOrNull,
    Texts,       // a list of texts
    TextOrTexts, // the list is joined with commas
    Scalars,     // a list of texts, numbers, true/false
    Range,       // [minimum, maximum], null where it is open
    Object,
    Objects,          // a list of `object`
    NamedObjects,     // name -> `object`
    NamedExpressions, // name -> expression
    Columns,          // a list of columns, and of column groups to use
    ForEach,          // name -> list of scalars
};

struct Field {
    std::string_view key;
    ValueKind kind = ValueKind::Text;
    std::string_view description;
    bool required = false;
    std::span<const std::string_view> words = {};
    ObjectKind object = ObjectKind::Project;
};

struct ObjectShape {
    std::string_view noun;     // for messages: "column"
    std::string_view name_key; // the field that names one; may be empty
    std::string_view description;
    std::span<const Field> fields;
};

const ObjectShape& shape_of(ObjectKind kind);
const Field* find_field(ObjectKind kind, std::string_view key);

// For messages: "a list of texts".
std::string_view describe(ValueKind kind);

} // namespace birdhouse::codec
