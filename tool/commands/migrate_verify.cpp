#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migration_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    bool write_sum = false;
    bool no_canary = false;
    std::string from;
    void bind(FlagBinder& binder) {
        binder.text("--from", from, "REVISION",
                    "begin with what this git revision declares, and run the migrations it has not");
        binder.flag("--no-canary", no_canary, "let no rows go through views and endpoints");
        binder.flag("--write-sum", write_sum,
                    "record the files in migrations/birdhouse.sum when the proof holds");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const Result<ops::VerifyReport> report =
        ops::verify_migrations(*project, session, flags.write_sum, problems, {flags.from, !flags.no_canary});
    report_problems(problems, project->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (problems.has_errors()) {
        return ExitCode::Problems;
    }
    session.out << ops::render_text(*report);
    return report->integrity.empty() ? ExitCode::Fine : ExitCode::Problems;
}

} // namespace

Command migrate_verify() {
    return make_command<Flags>(
        {"migrate", "verify"}, "prove that the migrations build the declared schema",
        "Replays every migration on the embedded engine in memory, builds the declared schema beside\n"
        "it, and compares the two field by field as the engine prints them: columns and their order,\n"
        "types, defaults, codecs, keys, TTL, indexes, settings, view queries, JSON paths.\n"
        "After each step rows from the edges of the types (NULL, least, greatest, each value of an Enum)\n"
        "and the events of fixtures/ go through the materialized views, and the endpoints are run: what\n"
        "would fail at the next insert or request is an error at the step that breaks it.\n"
        "No target is touched. Exit code 1 when they differ; run it in CI.",
        run);
}

} // namespace birdhouse::commands
