#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migration_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string target;
    std::string format = "text";
    bool exit_code = false;
    bool drift = false;
    void bind(FlagBinder& binder) {
        binder.text("--target", target, "NAME", "where to look; the project's default target otherwise");
        binder.choice("--format", format, {"text", "json"}, "how the answer is printed");
        binder.flag("--drift", drift, "compare what the target holds with what its migrations build");
        binder.flag("--exit-code", exit_code, "leave with 1 when something is still to apply");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    const Result<ops::StatusReport> report =
        ops::migration_status(*project, session, flags.target, flags.drift);
    if (!report) {
        return report_failure(report.error(), session);
    }
    session.out << (flags.format == "json" ? ops::render_json(*report) : ops::render_text(*report));
    const bool behind = flags.exit_code && report->pending() != 0;
    const bool drifted = report->drift && !report->drift->empty();
    return report->integrity.empty() && !behind && !drifted ? ExitCode::Fine : ExitCode::Problems;
}

} // namespace

Command migrate_status() {
    return make_command<Flags>(
        {"migrate", "status"}, "which migrations a target has",
        "Lists every migration and whether the target has it, from the target's own ledger.\n"
        "A file that was edited, removed or slipped in after others were applied is reported,\n"
        "with exit code 1. With --drift the migrations that the target has are replayed on the embedded\n"
        "engine, and every difference to what the target holds is printed with its reason:\n"
        "missing_object, extra_column, type, sorting_key and so on (exit 1).",
        run);
}

} // namespace birdhouse::commands
