#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migration_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string target;
    std::string confirm;
    std::string to;
    std::uint64_t lock_wait = 10;
    bool dry_run = false;
    void bind(FlagBinder& binder) {
        binder.text("--target", target, "NAME", "the target; the project's default target otherwise");
        binder.text("--to", to, "MIGRATION", "the last migration that the target has");
        binder.text("--confirm", confirm, "NAME", "the name of a target that is protected");
        binder.number("--lock-wait", lock_wait, "SECONDS",
                      "how long to wait for others at work; 10 by default");
        binder.flag("--dry-run", dry_run, "compare, and record nothing");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const auto report =
        ops::baseline_target(*project, session, flags.target, flags.to, flags.dry_run, problems,
                             {std::chrono::seconds(flags.lock_wait), false, flags.confirm});
    report_problems(problems, project->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (!*report) {
        return exit_code_of(problems);
    }
    session.out << ops::render_text(**report, flags.dry_run);
    return (*report)->drift.empty() ? ExitCode::Fine : ExitCode::Problems;
}

} // namespace

Command migrate_baseline() {
    return make_command<Flags>(
        {"migrate", "baseline"}, "record the migrations that a target has already",
        "For a target that was made by other means. The migrations are replayed on the embedded engine\n"
        "in memory and compared with what the target holds, field by field; when the target has all of\n"
        "it, they are recorded as applied and nothing else is sent. Otherwise each difference is\n"
        "printed with its reason, and nothing is recorded (exit 1).\n\n"
        "Examples:\n"
        "  birdhouse migrate baseline --target production --to 0001_as_it_is\n"
        "  birdhouse migrate baseline --dry-run",
        run);
}

} // namespace birdhouse::commands
