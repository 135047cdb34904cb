#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migration_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string target;
    std::string to;
    std::string format = "text";
    void bind(FlagBinder& binder) {
        binder.text("--target", target, "NAME",
                    "where it would be applied; the project's default target otherwise");
        binder.text("--to", to, "MIGRATION", "the last migration to plan");
        binder.choice("--format", format, {"text", "json", "markdown"}, "how the plan is printed");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const Result<std::optional<ops::PlanReport>> report =
        ops::plan_migrations(*project, session, flags.target, flags.to, problems);
    report_problems(problems, project->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (!*report) {
        return exit_code_of(problems);
    }
    session.out << (flags.format == "json"       ? ops::render_json(**report)
                    : flags.format == "markdown" ? ops::render_markdown(**report)
                                                 : ops::render_text(**report));
    return ExitCode::Fine;
}

} // namespace

Command migrate_plan() {
    return make_command<Flags>(
        {"migrate", "plan"}, "the exact statements that `migrate apply` would send",
        "Every pending migration is first run on the embedded engine in memory; then its steps and\n"
        "statements are printed, and for each step that destroys something the rows that would\n"
        "lose it. The target is only read.\n\n"
        "Examples:\n"
        "  birdhouse migrate plan\n"
        "  birdhouse migrate plan --target production --to 0002_image_columns --format json",
        run);
}

} // namespace birdhouse::commands
