#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migrate.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string name = "checkpoint";
    void bind(FlagBinder& binder) {
        binder.positional("NAME", name, false, "what to call it; `checkpoint` by default");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const Result<ops::NewMigration> made = ops::new_checkpoint(*project, session, flags.name, problems);
    report_problems(problems, project->sources, session);
    if (!made) {
        return report_failure(made.error(), session);
    }
    if (problems.has_errors()) {
        return ExitCode::Problems;
    }
    for (const std::string& step : made->steps) {
        session.out << "  " << step << "\n";
    }
    session.out << (made->steps.empty() ? "nothing to do: the migrations build nothing\n"
                                        : "wrote " + made->file.string() + "\n");
    return ExitCode::Fine;
}

} // namespace

Command migrate_checkpoint() {
    return make_command<Flags>(
        {"migrate", "checkpoint"}, "write one migration that builds what all before it build",
        "A target that has nothing yet begins there; one that has the migrations before it has nothing\n"
        "to do. `migrate verify` accepts it only when it builds the same as they do, as the engine\n"
        "prints it. Once every target has it, the files before it may be deleted: then record that with\n"
        "`birdhouse migrate verify --write-sum`.",
        run);
}

} // namespace birdhouse::commands
