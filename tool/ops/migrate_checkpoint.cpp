// `migrate checkpoint`: one migration in the place of all before it.
#include "base/files.hpp"
#include "base/hash.hpp"
#include "codec/definitions.hpp"
#include "ops/migrate.hpp"

namespace birdhouse::ops {

Result<NewMigration> new_checkpoint(const OpenProject& project, Session& session, const std::string& name,
                                    Diagnostics& problems) {
    TRY_ASSIGN(const std::string id, next_migration_id(project.migrations, name));
    const model::Schema replayed = replay_model(project.migrations, problems);
    NewMigration made;
    if (problems.has_errors()) {
        return made;
    }
    model::Migration migration;
    migration.id = id;
    migration.checkpoint = true;
    for (const model::StepAction& action : model::diff({}, replayed).steps) {
        made.steps.push_back(model::describe(action));
        migration.steps.push_back({action, {}});
    }
    if (migration.steps.empty()) {
        return made;
    }
    const std::string text = codec::write_migration(migration);
    made.file = session.folder / "migrations" / (id + ".yaml");
    TRY(write_if_changed(made.file, text));
    migration.checksum = sha256(text);
    std::vector<model::Migration> all = project.migrations;
    all.push_back(std::move(migration));
    TRY(write_if_changed(sum_path(session.folder), write_sum(all)));
    return made;
}

} // namespace birdhouse::ops
