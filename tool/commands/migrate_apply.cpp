#include "base/text.hpp"
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
    bool dry_run = false;
    bool verbose = false;
    std::uint64_t lock_wait = 10;
    bool no_canary = false;
    void bind(FlagBinder& binder) {
        binder.text("--target", target, "NAME", "where to apply; the project's default target otherwise");
        binder.text("--to", to, "MIGRATION", "the last migration to apply");
        binder.flag("--dry-run", dry_run,
                    "print what would be sent, as `migrate plan` does, and send nothing");
        binder.number("--lock-wait", lock_wait, "SECONDS",
                      "how long to wait for others at work; 10 by default");
        binder.text("--confirm", confirm, "NAME", "the name of a target that is protected");
        binder.flag("--no-canary", no_canary, "let no rows go through views and endpoints before");
        binder.flag("--verbose", verbose, "print each statement as it is done");
    }
};

void print(const ops::ApplyReport& report, ops::Session& session) {
    for (const ops::AppliedMigration& one : report.applied) {
        session.out << "applied " << one.id << " to " << report.target << ": "
                    << counted(one.statements, "statement");
        if (one.skipped != 0) {
            session.out << ", " << one.skipped << " of them done by an earlier run";
        }
        session.out << "\n";
    }
    for (const std::string& note : report.notes) {
        session.out << "note: " << note << "\n";
    }
    if (report.applied.empty()) {
        session.out << "nothing to apply: target " << report.target << " is up to date\n";
    }
}

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    if (flags.dry_run) {
        const auto plan = ops::plan_migrations(*project, session, flags.target, flags.to, problems);
        report_problems(problems, project->sources, session);
        if (!plan) {
            return report_failure(plan.error(), session);
        }
        if (!*plan) {
            return exit_code_of(problems);
        }
        session.out << ops::render_text(**plan);
        return ExitCode::Fine;
    }
    const auto report = ops::apply_migrations(
        *project, session, flags.target, flags.to,
        [&](const ops::StatementEvent& event) {
            if (flags.verbose) {
                session.err << (event.skipped ? "had: " : "did: ") << event.sql << "\n";
            }
        },
        problems, {std::chrono::seconds(flags.lock_wait), !flags.no_canary, flags.confirm});
    report_problems(problems, project->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (!*report) {
        return exit_code_of(problems);
    }
    print(**report, session);
    return ExitCode::Fine;
}

} // namespace

Command migrate_apply() {
    return make_command<Flags>(
        {"migrate", "apply"}, "bring a target up to date",
        "Proves the pending migrations on the embedded engine in memory, then applies them to the\n"
        "target, recording each statement in the target's ledger before and after. Safe to stop\n"
        "anywhere: run it again and it goes on where the target's own state says.\n\n"
        "One run at a time: another that is at work is waited for (--lock-wait), then this one leaves\n"
        "with exit code 4.\n\n"
        "Refused (exit 4): a migration that was edited or removed after it was recorded, and a step\n"
        "that destroys data without an `allow:` entry in its file. So is a target with `protected: true`,\n"
        "unless --confirm gives its name.\n\n"
        "Examples:\n"
        "  birdhouse migrate apply\n"
        "  birdhouse migrate apply --to 0002_image_columns --verbose",
        run);
}

} // namespace birdhouse::commands
