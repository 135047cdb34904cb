// The proof that the migrations build what the definitions declare: both are built on the same engine, in
// two databases, and compared as that engine prints them. One printer on both sides leaves no false drift.
#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_target.hpp"
#include "target/catalog.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::ops {

namespace {

constexpr const char* kReplayed = "replayed";
constexpr const char* kDeclared = "declared";
constexpr const char* kHelp =
    "write the missing step with `birdhouse migrate new NAME`, or correct the definition";

// The declared schema as if one migration had created it all.
model::Migration creation_of(const model::Schema& schema) {
    model::Migration migration;
    migration.id = kDeclared;
    for (const model::StepAction& action : model::diff({}, schema).steps) {
        Origin origin;
        if (const auto* create = std::get_if<model::CreateDatasource>(&action)) {
            origin = create->datasource.origin;
        } else if (const auto* view = std::get_if<model::CreateMaterializedView>(&action)) {
            origin = model::find_view(schema, view->view)->origin;
        }
        migration.steps.push_back({action, origin});
    }
    return migration;
}

Span place_of(const model::Schema& declared, const std::string& object, const std::string& field) {
    if (const model::MaterializedView* view = model::find_view(declared, object)) {
        return view->origin.span;
    }
    const model::Datasource* datasource = model::find_datasource(declared, object);
    if (datasource == nullptr) {
        return {};
    }
    // Field names read `column NAME type`: the column's own line is the better place.
    for (const model::Column& column : datasource->columns) {
        if (field.find("`" + column.name + "`") != std::string::npos && column.origin.span.known()) {
            return column.origin.span;
        }
    }
    return datasource->origin.span;
}

std::string shown(const std::string& value) { return value.empty() ? "absent" : backquoted(value); }

void compare_catalogs(const target::Catalog& replayed, const target::Catalog& declared,
                      const model::Schema& schema, Diagnostics& problems) {
    for (const target::TableState& table : declared.tables) {
        const target::TableState* built = target::find_table(replayed, table.name);
        if (built == nullptr) {
            problems.add(codes::F221, place_of(schema, table.name, ""),
                         backquoted(table.name) + " is declared, and no migration creates it", kHelp);
            continue;
        }
        for (const target::FieldDifference& difference : target::compare(*built, table)) {
            problems.add(codes::F221, place_of(schema, table.name, difference.field),
                         backquoted(table.name) + ": " + difference.field + " is " + shown(difference.left) +
                             " after all migrations, and declared as " + shown(difference.right),
                         kHelp);
        }
    }
    for (const target::TableState& table : replayed.tables) {
        if (target::find_table(declared, table.name) == nullptr) {
            problems.add(codes::F221, {},
                         backquoted(table.name) + " is built by the migrations, and declared nowhere", kHelp);
        }
    }
}

// The engine knows no JSON paths: they are compared as values.
void compare_json_paths(const model::Schema& replayed, const model::Schema& declared, Diagnostics& problems) {
    for (const model::Datasource& datasource : declared.datasources) {
        const model::Datasource* built = model::find_datasource(replayed, datasource.name);
        for (const model::Column& column : datasource.columns) {
            const model::Column* old = built == nullptr ? nullptr : model::find_column(*built, column.name);
            if (old != nullptr && old->json_path != column.json_path) {
                problems.add(codes::F221, column.origin.span,
                             backquoted(datasource.name + "." + column.name) + " is read from " +
                                 backquoted(old->json_path.value_or("nowhere")) +
                                 " after all migrations, and from " +
                                 backquoted(column.json_path.value_or("nowhere")) + " as declared",
                             "add a `set_json_path` step, or correct the definition");
            }
        }
    }
}

Result<bool> build(target::SqlChannel& scratch, const std::string& database,
                   std::span<const PlannedMigration> planned, Diagnostics& problems) {
    TRY(prepare_scratch(scratch, database));
    return prove(scratch, database, planned, {}, problems).has_value();
}

Result<void> compare_on_engine(const OpenProject& project, Session& session, const model::Schema& declared,
                               VerifyReport& report, Diagnostics& problems) {
    model::Schema schema;
    std::vector<PlannedMigration> migrations;
    for (const model::Migration& migration : project.migrations) {
        check_allowances(migration, schema, problems);
        migrations.push_back(plan_up(migration, schema, kReplayed));
        report.steps += migration.steps.size();
    }
    const model::Migration creation = creation_of(declared);
    model::Schema nothing;
    const std::vector<PlannedMigration> at_once{plan_up(creation, nothing, kDeclared)};

    TRY_ASSIGN(const std::unique_ptr<target::SqlChannel> scratch, session.targets.open_scratch());
    TRY_ASSIGN(const bool built, build(*scratch, kReplayed, migrations, problems));
    TRY_ASSIGN(const bool created, build(*scratch, kDeclared, at_once, problems));
    if (!built || !created) {
        return {};
    }
    TRY_ASSIGN(const target::Catalog left, target::read_catalog(*scratch, kReplayed));
    TRY_ASSIGN(const target::Catalog right, target::read_catalog(*scratch, kDeclared));
    report.tables = right.tables.size();
    compare_catalogs(left, right, declared, problems);
    compare_json_paths(schema, declared, problems);
    return {};
}

} // namespace

Result<VerifyReport> verify_migrations(const OpenProject& project, Session& session, bool write_sum_file,
                                       Diagnostics& problems) {
    VerifyReport report;
    report.migrations = project.migrations.size();
    const model::Schema declared = declared_schema(project, problems);
    replay_model(project.migrations, problems);
    if (!problems.has_errors()) {
        TRY(compare_on_engine(project, session, declared, report, problems));
    }
    if (write_sum_file && !problems.has_errors()) {
        TRY_ASSIGN(const Written written,
                   write_if_changed(sum_path(session.folder), write_sum(project.migrations)));
        report.sum_written = written != Written::Unchanged;
    }
    TRY_ASSIGN(report.integrity, check_sum_file(session.folder, project.migrations));
    return report;
}

} // namespace birdhouse::ops
