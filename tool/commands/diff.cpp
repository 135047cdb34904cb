#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/diff_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string from;
    std::string to;
    std::string format = "text";
    std::string fail_on;
    bool exit_code = false;
    bool no_engine = false;
    void bind(FlagBinder& binder) {
        binder.text("--from", from, "STATE",
                    "the earlier state: a folder, a git revision, or target:NAME; HEAD by default");
        binder.text("--to", to, "STATE", "the later state; the project's folder as it is by default");
        binder.choice("--format", format, {"text", "json", "markdown"}, "how the changes are printed");
        binder.flag("--exit-code", exit_code, "exit with 1 when anything differs");
        binder.flag("--no-engine", no_engine, "find the readers of a column by its name alone");
        binder.choice("--fail-on", fail_on, {"breaking", "destructive", "any"},
                      "exit with 1 when there is such a change");
    }
};

std::string render(const Flags& flags, const ops::DiffReport& report) {
    if (flags.format == "json") {
        return ops::render_json(report);
    }
    return flags.format == "markdown" ? ops::render_markdown(report) : ops::render_text(report);
}

bool fails(const Flags& flags, const ops::DiffReport& report) {
    const bool differs = !report.changes.empty();
    return (flags.exit_code && differs) || (flags.fail_on == "any" && differs) ||
           (flags.fail_on == "breaking" && ops::has_breaking(report)) ||
           (flags.fail_on == "destructive" && ops::has_destructive(report)) || !report.is_complete();
}

ExitCode run(const Flags& flags, ops::Session& session) {
    const Result<ops::DiffReport> report =
        ops::diff_states({flags.from, flags.to, !flags.no_engine}, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    for (const ops::DiffSide* side : {&report->before, &report->after}) {
        if (side->open.problems.has_errors()) {
            session.err << "problems in " << side->name << ":\n";
            report_problems(side->open.problems, side->open.sources, session);
        }
    }
    if (report->refusal) {
        return report_failure(*report->refusal, session);
    }
    session.out << render(flags, *report);
    return fails(flags, *report) ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command diff() {
    Command command = make_command<Flags>(
        {"diff"}, "what changed between two states of the project, and who breaks",
        "Reads both states into models and compares their meaning: comments, layout and quotes are no\n"
        "change. Each change is given with its class, what every target does with it, whether it can be\n"
        "taken back, the safe way, and the nodes that read what changed. Columns are matched by name: a\n"
        "drop and an add that look like a rename are pointed out, never taken for one.\n"
        "Who reads a column, and which columns of endpoints come of it, is asked of the embedded engine's\n"
        "analyzer; without an engine, or with --no-engine, readers are found by the column's name.\n"
        "A state is a folder (of definitions or of datafiles) or a revision of the git repository round\n"
        "the project, read by git without a checkout. A folder wins over a branch of the same name:\n"
        "refs/heads/NAME is the branch. target:NAME is what that Tinybird workspace has, which is only "
        "read.\n"
        "Exits with 0, also when there are changes, unless --exit-code or --fail-on says otherwise; with\n"
        "1 when a file has problems, which is then left out.\n\n"
        "  birdhouse diff\n"
        "  birdhouse diff --from main --format markdown > comment.md\n"
        "  birdhouse diff --from HEAD~1 --to HEAD --fail-on breaking\n"
        "  birdhouse diff --from ../before --to ../after --format json\n"
        "  birdhouse diff --from target:production --exit-code\n"
        "  birdhouse diff --from target:production --to target:staging\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands
