#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migrate.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string target;
    std::string confirm;
    bool force = false;
    void bind(FlagBinder& binder) {
        binder.text("--target", target, "NAME", "the target; the project's default target otherwise");
        binder.text("--confirm", confirm, "NAME", "the name of a target that is protected");
        binder.flag("--force", force, "although the time of the lock is not over");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    const Result<ops::UnlockReport> report =
        ops::unlock_target(*project, session, flags.target, flags.force, flags.confirm);
    if (!report) {
        return report_failure(report.error(), session);
    }
    session.out << (report->holder.empty() ? "target " + report->target + " is not locked\n"
                                           : "unlocked target " + report->target + ", which was locked by " +
                                                 report->holder + "\n");
    return ExitCode::Fine;
}

} // namespace

Command migrate_unlock() {
    return make_command<Flags>(
        {"migrate", "unlock"}, "remove the lock that a dead run left on a target",
        "A run that changes a target locks it for an hour at a time, and renews the lock while it is at\n"
        "work. A run that was killed leaves it: one on this machine is seen to be dead by the next run,\n"
        "of one elsewhere only you can know. Says who had it. Refused (exit 4) while its time is not\n"
        "over, unless --force is given.",
        run);
}

} // namespace birdhouse::commands
