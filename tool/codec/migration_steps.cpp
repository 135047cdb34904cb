#include "codec/migration_steps.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"
#include "codec/sql_text.hpp"
#include "syntax/clickhouse_type.hpp"
#include "syntax/parsed.hpp"

#include <algorithm>

namespace birdhouse::codec {

using syntax::YamlNode;

namespace {

// A migration is history: it must build the same table tomorrow, when the group has changed.
std::optional<model::StepAction> read_create_datasource(const YamlNode& node, Reading reading) {
    const GroupLookup refuse = [&](const YamlNode& name) -> const ReadColumns* {
        reading.problems.add(
            codes::F074, name.span, "a migration uses the column group `" + name.text + "`",
            "write the columns out: a migration must build the same table after the group has changed");
        return nullptr;
    };
    std::optional<model::Datasource> datasource =
        read_datasource(node, ObjectKind::CreateDatasource, refuse, reading);
    return datasource ? std::optional<model::StepAction>(model::CreateDatasource{std::move(*datasource)})
                      : std::nullopt;
}

model::ColumnPosition read_position(const Fields& fields, Reading reading) {
    model::ColumnPosition position{fields.boolean("first"), fields.text("after")};
    if (position.first && fields.has("after")) {
        reading.problems.add(codes::F075, fields.place_of("after"),
                             "the column is placed both first and after `" + position.after + "`",
                             "keep one of `first` and `after`");
    }
    return position;
}

model::AddColumn read_add_column(const Fields& fields, Reading reading) {
    model::AddColumn step{fields.text("datasource"), read_column(fields, reading), {}};
    step.column.origin.span = fields.place_of("name");
    step.position = read_position(fields, reading);
    return step;
}

model::MoveColumn read_move_column(const Fields& fields, Reading reading) {
    if (!fields.boolean("first") && !fields.mentions("after")) {
        reading.problems.add(codes::F016, fields.place_of("name"),
                             "step `move_column` has neither `after` nor `first`",
                             "say where the column stands from now on: `after: COLUMN`, or `first: true`");
    }
    return {fields.text("datasource"), fields.text("name"), read_position(fields, reading)};
}

model::AddIndex read_add_index(const Fields& fields, Reading reading) {
    model::AddIndex step{fields.text("datasource"), read_index(fields, reading)};
    step.index.origin.span = fields.place_of("name");
    return step;
}

model::CreateMaterializedView read_create_view(const Fields& fields, Reading reading) {
    check_resource_name(fields, "view", reading);
    model::CreateMaterializedView step{
        fields.text("view"), fields.text("to"), {}, fields.boolean("backfill")};
    if (const YamlNode* sql = fields.find("sql")) {
        read_sql(*sql, step.sql, nullptr, reading);
    }
    return step;
}

model::ChangeMaterializedView read_change_view(const Fields& fields, Reading reading) {
    model::ChangeMaterializedView step{fields.text("view"), {}};
    if (const YamlNode* sql = fields.find("sql")) {
        read_sql(*sql, step.sql, nullptr, reading);
    }
    return step;
}

model::RenameColumn read_rename_column(const Fields& fields, Reading reading) {
    check_inner_name(fields, "to", reading);
    return {fields.text("datasource"), fields.text("from"), fields.text("to")};
}

void check_new_type(const syntax::YamlEntry& entry, Reading reading) {
    const syntax::Parsed<syntax::ClickHouseType> parsed = syntax::parse_clickhouse_type(entry.value.text);
    if (const syntax::SyntaxFault* fault = syntax::fault_of(parsed)) {
        reading.problems.add(
            codes::F037, syntax::place_in(entry.value, reading.sources, fault->offset, 1),
            "the type " + backquoted(shorten(entry.value.text, 80)) + " cannot be read: " + fault->message,
            fault->help.empty() ? "check its brackets; inside `{ }` quote a text that holds a comma"
                                : fault->help);
    }
}

model::RebuildDatasource read_rebuild(const Fields& fields, Reading reading) {
    model::RebuildDatasource step{fields.text("datasource"), std::nullopt, {}, {}};
    if (const YamlNode* engine = fields.find("engine")) {
        step.engine = read_engine(*engine, {{}, false}, reading);
    }
    if (const YamlNode* types = fields.find("types")) {
        for (const syntax::YamlEntry& entry : types->entries) {
            check_new_type(entry, reading);
            step.types.push_back({entry.key.text, text_of(entry.value)});
        }
    }
    if (const YamlNode* convert = fields.find("convert")) {
        for (const syntax::YamlEntry& entry : convert->entries) {
            step.convert.push_back({entry.key.text, text_of(entry.value)});
        }
    }
    std::ranges::sort(step.types, {}, &model::NewType::name);
    std::ranges::sort(step.convert, {}, &model::Conversion::name);
    if (!fields.mentions("engine") && !fields.mentions("types") && !fields.mentions("convert")) {
        reading.problems.add(
            codes::F016, fields.place_of("datasource"),
            "step `rebuild_datasource` has neither `engine` nor `types` nor `convert`",
            "say what is other in the new table: `engine: {kind: ..., sorting_key: ...}`, or "
            "`types: {column: type}`");
    }
    return step;
}

} // namespace

std::optional<model::StepAction> read_step_action(ObjectKind kind, const YamlNode& node, Reading reading) {
    if (kind == ObjectKind::CreateDatasource) {
        return read_create_datasource(node, reading);
    }
    const std::optional<Fields> checked = Fields::check(node, kind, reading);
    if (!checked) {
        return std::nullopt;
    }
    const Fields& fields = *checked;
    const std::string datasource = fields.text("datasource");
    const std::string name = fields.text("name");
    switch (kind) {
    case ObjectKind::DropDatasource:
        return model::DropDatasource{datasource};
    case ObjectKind::AddColumn:
        return read_add_column(fields, reading);
    case ObjectKind::DropColumn:
        return model::DropColumn{datasource, name};
    case ObjectKind::MoveColumn:
        return read_move_column(fields, reading);
    case ObjectKind::RenameColumn:
        return read_rename_column(fields, reading);
    case ObjectKind::ChangeType:
        check_type(fields, reading);
        return model::ChangeType{datasource, name, fields.text("type")};
    case ObjectKind::SetDefault:
        return model::SetDefault{datasource, name, fields.optional_text("default")};
    case ObjectKind::SetNullable:
        return model::SetNullable{datasource, name, fields.boolean("nullable")};
    case ObjectKind::SetTtl:
        return model::SetTtl{datasource, fields.optional_text("ttl").value_or("")};
    case ObjectKind::AddIndex:
        return read_add_index(fields, reading);
    case ObjectKind::DropIndex:
        return model::DropIndex{datasource, name};
    case ObjectKind::CreateMaterializedView:
        return read_create_view(fields, reading);
    case ObjectKind::DropMaterializedView:
        return model::DropMaterializedView{fields.text("view")};
    case ObjectKind::ChangeMaterializedView:
        return read_change_view(fields, reading);
    case ObjectKind::SetJsonPath:
        check_path(fields, reading);
        return model::SetJsonPath{datasource, name, fields.optional_text("path")};
    case ObjectKind::RebuildDatasource:
        return read_rebuild(fields, reading);
    default:
        return std::nullopt; // the table of steps names no other object
    }
}

} // namespace birdhouse::codec
