#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migrate.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string name;
    void bind(FlagBinder& binder) {
        binder.positional("NAME", name, true, "what it is about, such as image_columns");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const Result<ops::NewMigration> made = ops::new_migration(*project, session, flags.name, problems);
    report_problems(problems, project->sources, session);
    if (!made) {
        return report_failure(made.error(), session);
    }
    for (const std::string& step : made->steps) {
        session.out << "  " << step << "\n";
    }
    if (made->steps.empty() && !problems.has_errors()) {
        session.out << "nothing to do: the migrations build the declared schema\n";
    } else if (!made->steps.empty()) {
        session.out << "wrote " << made->file.string() << "\n";
    }
    return problems.has_errors() ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command migrate_new() {
    return make_command<Flags>(
        {"migrate", "new"}, "write the migration from what the migrations build to what is declared",
        "Edit a definition first; this compares it with what replaying all migrations gives, and\n"
        "writes the steps between the two as migrations/NNNN_NAME.yaml, in an order that is safe while\n"
        "events keep coming. The file is yours to edit before it is applied: then run\n"
        "`birdhouse migrate verify --write-sum`.\n\n"
        "A renamed column looks like one that was dropped and another that was added: replace the two\n"
        "steps by `rename_column: {datasource: D, from: OLD, to: NEW}`.",
        run);
}

} // namespace birdhouse::commands
