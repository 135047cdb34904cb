// The proof that the migrations build what the definitions declare: both are built on the same engine, in
// two databases, and compared as that engine prints them. One printer on both sides leaves no false drift.
#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_base.hpp"
#include "ops/migration_canary.hpp"
#include "ops/migration_drift.hpp"
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
                      const model::Schema& schema, const std::set<std::string>& kept, Diagnostics& problems) {
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
        if (target::find_table(declared, table.name) == nullptr && !kept.contains(table.name)) {
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

Result<std::optional<target::Catalog>> build(target::SqlChannel& scratch, const std::string& database,
                                             std::span<const PlannedMigration> planned, Diagnostics& problems,
                                             StepWatcher* watcher = nullptr) {
    TRY(prepare_scratch(scratch, database));
    TRY_ASSIGN(const bool built, replay_on_engine(scratch, database, planned, problems, watcher));
    if (!built) {
        return std::optional<target::Catalog>();
    }
    TRY_ASSIGN(target::Catalog catalog, target::read_catalog(scratch, database));
    return std::optional<target::Catalog>(std::move(catalog));
}

std::vector<PlannedMigration> plan_all(std::span<const model::Migration* const> migrations,
                                       const std::string& database, model::Schema& schema) {
    std::vector<PlannedMigration> planned;
    for (const model::Migration* migration : migrations) {
        planned.push_back(plan_up(*migration, schema, database));
    }
    return planned;
}

// A checkpoint stands for all before it: it must build the same, as the engine prints it.
Result<void> check_checkpoint(target::SqlChannel& scratch, std::span<const model::Migration> migrations,
                              std::size_t at, Diagnostics& problems) {
    const model::Migration& checkpoint = migrations[at];
    std::vector<const model::Migration*> before;
    for (std::size_t i = 0; i < at; ++i) {
        before.push_back(&migrations[i]);
    }
    const std::vector<const model::Migration*> alone{&checkpoint};
    model::Schema by_steps;
    model::Schema at_once;
    const std::string first = "before_" + checkpoint.id;
    const std::vector<PlannedMigration> all = plan_all(before, first, by_steps);
    const std::vector<PlannedMigration> one = plan_all(alone, checkpoint.id, at_once);
    TRY_ASSIGN(const std::optional<target::Catalog> expected, build(scratch, first, all, problems));
    TRY_ASSIGN(const std::optional<target::Catalog> found, build(scratch, checkpoint.id, one, problems));
    if (!expected || !found) {
        return {};
    }
    for (const Drift& drift : find_drift(*expected, *found, kept_tables(migrations))) {
        problems.add(codes::F225, checkpoint.origin.span,
                     backquoted(checkpoint.id) + " builds " + backquoted(drift.object) +
                         " otherwise than the migrations before it: " + drift.message,
                     "write it anew with `birdhouse migrate checkpoint NAME`");
    }
    return {};
}

// Which migrations are held against what is declared, and what they begin with.
struct Course {
    std::optional<model::Schema> base; // as declared there; absent: they begin with nothing
    std::vector<const model::Migration*> migrations;
};

Result<std::optional<Course>> course_of(const OpenProject& project, Session& session, const std::string& from,
                                        Diagnostics& problems) {
    Course course;
    std::set<std::string> known;
    if (!from.empty()) {
        TRY_ASSIGN(const std::unique_ptr<OpenProject> base, open_base(session, from));
        course.base = declared_schema(*base, problems);
        for (const model::Migration& migration : base->migrations) {
            known.insert(migration.id);
        }
    }
    for (const model::Migration& migration : project.migrations) {
        if (!known.contains(migration.id)) {
            course.migrations.push_back(&migration);
        }
    }
    return problems.has_errors() ? std::optional<Course>() : std::optional<Course>(std::move(course));
}

Result<void> compare_on_engine(const OpenProject& project, Session& session, const model::Schema& declared,
                               const VerifyOptions& options, VerifyReport& report, Diagnostics& problems) {
    TRY_ASSIGN(const std::optional<Course> course, course_of(project, session, options.from, problems));
    if (!course) {
        return {};
    }
    model::Schema schema;
    std::vector<PlannedMigration> planned;
    const model::Migration base = creation_of(course->base.value_or(model::Schema()));
    if (course->base) {
        planned.push_back(plan_up(base, schema, kReplayed));
    }
    const model::Schema met = schema;
    const std::size_t first = planned.size();
    for (const model::Migration* migration : course->migrations) {
        check_fit(*migration, schema, problems);
        if (problems.has_errors()) {
            return {};
        }
        check_allowances(*migration, schema, problems);
        planned.push_back(plan_up(*migration, schema, kReplayed));
        report.steps += migration->steps.size();
    }
    report.migrations = course->migrations.size();
    const model::Migration creation = creation_of(declared);
    model::Schema nothing;
    const std::vector<PlannedMigration> at_once{plan_up(creation, nothing, kDeclared)};

    TRY_ASSIGN(const std::unique_ptr<target::SqlChannel> scratch, session.targets.open_scratch());
    TRY_ASSIGN(const std::optional<target::Catalog> right, build(*scratch, kDeclared, at_once, problems));
    TRY(prepare_scratch(*scratch, kReplayed));
    const std::span<const PlannedMigration> all(planned);
    TRY_ASSIGN(const bool based, replay_on_engine(*scratch, kReplayed, all.first(first), problems));
    Canary canary(*scratch, kReplayed, project, session.folder, met, problems);
    TRY_ASSIGN(const bool built, replay_on_engine(*scratch, kReplayed, all.subspan(first), problems,
                                                  options.canary ? &canary : nullptr));
    report.canary_rows = canary.rows();
    if (!based || !built || !right) {
        return {};
    }
    TRY_ASSIGN(const target::Catalog left, target::read_catalog(*scratch, kReplayed));
    report.tables = right->tables.size();
    compare_catalogs(left, *right, declared, kept_tables(project.migrations), problems);
    compare_json_paths(schema, declared, problems);
    for (std::size_t i = 1; i < project.migrations.size() && options.from.empty(); ++i) {
        if (project.migrations[i].checkpoint) {
            TRY(check_checkpoint(*scratch, project.migrations, i, problems));
        }
    }
    return {};
}

} // namespace

Result<VerifyReport> verify_migrations(const OpenProject& project, Session& session, bool write_sum_file,
                                       Diagnostics& problems, const VerifyOptions& options) {
    VerifyReport report;
    report.migrations = project.migrations.size();
    const model::Schema declared = declared_schema(project, problems);
    replay_model(project.migrations, problems);
    if (!problems.has_errors()) {
        TRY(compare_on_engine(project, session, declared, options, report, problems));
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
