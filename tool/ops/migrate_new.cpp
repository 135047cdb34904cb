#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "codec/column_renames.hpp"
#include "codec/definitions.hpp"
#include "codec/pipe_query.hpp"
#include "codec/schema_steps.hpp"
#include "codec/service_tables.hpp"
#include "model/step_cost.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_files.hpp"
#include "syntax/sql_scan.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

// The datasources of renames that name none.
Result<void> name_datasources(std::vector<model::ColumnRename>& renames, const model::Schema& replayed,
                              const model::Schema& declared) {
    for (model::ColumnRename& rename : renames) {
        std::vector<std::string> names;
        for (const model::Datasource& now : declared.datasources) {
            const model::Datasource* old = find_datasource(replayed, now.name);
            const bool is_meant = rename.datasource.empty() || rename.datasource == now.name;
            if (is_meant && old != nullptr && find_column(*old, rename.from) != nullptr &&
                find_column(*old, rename.to) == nullptr && find_column(now, rename.to) != nullptr &&
                find_column(now, rename.from) == nullptr) {
                names.push_back(now.name);
            }
        }
        if (names.size() != 1) {
            return Error{ExitCode::Usage,
                         std::string(names.empty() ? "no" : "more than one") + " datasource loses a column " +
                             backquoted(rename.from) + " and gains " + backquoted(rename.to),
                         "write it as --rename DATASOURCE.OLD=NEW"};
        }
        rename.datasource = names.front();
    }
    return {};
}

// Never guessed: a pair that looks like a rename is pointed out.
void ask_for_renames(const model::Schema& replayed, const model::Schema& declared,
                     const std::vector<model::ColumnRename>& renames, Diagnostics& problems) {
    for (const model::Datasource& now : declared.datasources) {
        const model::Datasource* old = find_datasource(replayed, now.name);
        if (old == nullptr) {
            continue;
        }
        for (const codec::PossibleRename& pair : codec::possible_renames(*old, now)) {
            const model::ColumnRename rename{now.name, pair.from, pair.to};
            const model::Column* column = find_column(now, pair.to);
            if (std::find(renames.begin(), renames.end(), rename) == renames.end()) {
                problems.add(codes::R305, column->origin.span,
                             backquoted(pair.to) + " looks like " + backquoted(pair.from) + ", which " +
                                 backquoted(now.name) + " had: dropped, its values are lost",
                             "if it is the same, say `renamed_from: " + pair.from +
                                 "` in its definition, or --rename " + pair.from + "=" + pair.to +
                                 ", and derive the migration again");
            }
        }
    }
}

bool names(std::string_view sql, std::string_view name) {
    const std::vector<syntax::SqlPiece> pieces = syntax::scan_sql(sql);
    return std::any_of(pieces.begin(), pieces.end(), [&](const syntax::SqlPiece& piece) {
        return syntax::is_name(piece) && (piece.text == name || piece.text == backquoted(name));
    });
}

// A connector stores columns that nobody declares (`_timestamp`). A table that is filled otherwise has those
// of them that its keys or a view need.
void add_connector_columns(const model::Project& project, model::Schema& schema) {
    for (model::Datasource& stored : schema.datasources) {
        std::vector<model::Column> undeclared =
            codec::connector_columns(*find_datasource(project, stored.name));
        if (undeclared.empty()) {
            continue;
        }
        const model::TableEngine& engine = stored.engine;
        std::string texts;
        for (const std::string& key :
             {engine.partition_key, engine.sorting_key, engine.primary_key, engine.sampling_key, engine.ttl,
              engine.version_column, engine.is_deleted_column, engine.sign_column}) {
            texts += key + "\n";
        }
        for (const model::MaterializedView& view : schema.views) {
            texts += names(view.sql, stored.name) ? view.sql + "\n" : "";
        }
        for (model::Column& column : undeclared) {
            if (names(texts, column.name)) {
                stored.columns.push_back(std::move(column));
            }
        }
    }
}

} // namespace

model::Schema declared_schema(const OpenProject& project, Diagnostics& problems) {
    model::Schema schema;
    for (const model::Datasource& datasource : project.project.datasources) {
        schema.datasources.push_back(model::storage_of(datasource));
    }
    for (const model::Pipe& pipe : project.project.pipes) {
        const model::Node* published = model::published_node(pipe);
        if (published == nullptr || published->type != model::NodeType::Materialized) {
            continue;
        }
        if (std::optional<codec::MappedSql> sql =
                codec::compose_materialized(project.project, pipe, problems)) {
            schema.views.push_back({pipe.name, pipe.target_datasource, std::move(sql->sql), pipe.origin});
        }
    }
    std::sort(schema.datasources.begin(), schema.datasources.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    std::sort(schema.views.begin(), schema.views.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    add_connector_columns(project.project, schema);
    return schema;
}

Result<NewMigration> new_migration(const OpenProject& project, Session& session, const std::string& name,
                                   std::vector<model::ColumnRename> renames, Diagnostics& problems) {
    TRY_ASSIGN(const std::string id, next_migration_id(project.migrations, name));
    const model::Schema replayed = replay_model(project.migrations, problems);
    const model::Schema declared = declared_schema(project, problems);
    NewMigration made;
    if (problems.has_errors()) {
        return made;
    }
    TRY(name_datasources(renames, replayed, declared));
    for (model::ColumnRename& one : codec::declared_renames(replayed, project.project.datasources)) {
        renames.push_back(std::move(one));
    }
    ask_for_renames(replayed, declared, renames, problems);
    const model::SchemaDiff difference = codec::derive_steps(replayed, declared, renames);
    for (const std::string& change : difference.impossible) {
        problems.add(codes::R310, {}, change,
                     "no step changes this in place: declare a new datasource and move its readers there");
    }
    if (difference.steps.empty()) {
        return made;
    }
    model::Migration migration;
    migration.id = id;
    std::vector<std::string> costs;
    model::Schema schema = replayed;
    for (const model::StepAction& action : difference.steps) {
        made.steps.push_back(model::describe(action));
        migration.steps.push_back({action, {}});
        costs.push_back(model::cost_of(action, schema));
        apply_step(action, schema);
    }
    const std::string text = codec::write_migration(migration, costs);
    made.file = session.folder / "migrations" / (id + ".yaml");
    TRY(write_if_changed(made.file, text));
    migration.checksum = sha256(text);
    std::vector<model::Migration> all = project.migrations;
    all.push_back(std::move(migration));
    TRY(write_if_changed(sum_path(session.folder), write_sum(all)));
    return made;
}

} // namespace birdhouse::ops
