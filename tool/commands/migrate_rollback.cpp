#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migration_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string target;
    std::string confirm;
    bool allow_loss = false;
    bool dry_run = false;
    std::uint64_t lock_wait = 10;
    void bind(FlagBinder& binder) {
        binder.text("--target", target, "NAME", "where to roll back; the project's default target otherwise");
        binder.flag("--allow-loss", allow_loss, "go on although rows lose values that cannot come back");
        binder.text("--confirm", confirm, "NAME", "the name of a target that is protected");
        binder.number("--lock-wait", lock_wait, "SECONDS",
                      "how long to wait for others at work; 10 by default");
        binder.flag("--dry-run", dry_run, "print the statements and what would be lost, and send nothing");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const auto report =
        ops::rollback_migration(*project, session, flags.target, flags.allow_loss, flags.dry_run, {},
                                problems, {std::chrono::seconds(flags.lock_wait), false, flags.confirm});
    report_problems(problems, project->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (!*report) {
        return ExitCode::Problems;
    }
    session.out << ops::render_text(**report, flags.dry_run);
    return ExitCode::Fine;
}

} // namespace

Command migrate_rollback() {
    return make_command<Flags>(
        {"migrate", "rollback"}, "take the newest migration of a target back",
        "Runs the inverse of each step of the newest applied migration, last step first, proven on\n"
        "the embedded engine before. What the way back would destroy is counted: with rows at stake it\n"
        "is refused (exit 4) unless --allow-loss is given. What the migration itself destroyed cannot\n"
        "come back, and the report says so.",
        run);
}

} // namespace birdhouse::commands
