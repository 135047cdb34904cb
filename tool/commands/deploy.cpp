// birdhouse deploy
#include "ops/deploy.hpp"

#include "commands/list.hpp"
#include "commands/reporting.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string target;
    std::string confirm;
    std::string format = "text";
    bool check = false;
    bool dry_run = false;
    bool allow_destructive = false;
    bool populate = false;
    bool verbose = false;
    void bind(FlagBinder& binder) {
        binder.text("--target", target, "NAME", "where to deploy; the project's default target otherwise");
        binder.flag("--check", check, "ask the target whether it would take it, and change nothing");
        binder.flag("--dry-run", dry_run, "print what would change and be sent, and send nothing");
        binder.flag("--allow-destructive", allow_destructive,
                    "go on although rows are lost; on a Tinybird workspace");
        binder.flag("--populate", populate,
                    "Classic: fill the targets of new materialized views with the rows that are there");
        binder.text("--confirm", confirm, "NAME", "the name of a target that is protected");
        binder.choice("--format", format, {"text", "json", "markdown"}, "how the report is printed");
        binder.flag("--verbose", verbose, "tell each statement or request as it is done");
    }
};

std::string render(const Flags& flags, const ops::DeployReport& report) {
    if (flags.format == "json") {
        return ops::render_json(report);
    }
    return flags.format == "markdown" ? ops::render_markdown(report) : ops::render_text(report);
}

ExitCode run(const Flags& flags, ops::Session& session) {
    if (flags.check && flags.dry_run) {
        return report_failure(
            {ExitCode::Usage, "`--check` asks the target, and `--dry-run` does not", "give one of the two"},
            session);
    }
    std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    const ops::DeployRequest request{flags.target,
                                     flags.dry_run ? ops::DeployMode::DryRun
                                     : flags.check ? ops::DeployMode::Check
                                                   : ops::DeployMode::Apply,
                                     flags.allow_destructive, flags.confirm, flags.populate};
    Diagnostics problems;
    const auto report = ops::deploy(
        *project, session, request,
        [&](const std::string& line) {
            if (flags.verbose || session.progress) {
                session.err << line << "\n" << std::flush;
            }
        },
        problems);
    report_problems(problems, project->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (!*report) {
        return exit_code_of(problems);
    }
    session.out << render(flags, **report);
    return (*report)->refused() ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command deploy() {
    return make_command<Flags>(
        {"deploy"}, "bring a target up to date with the whole project, as one plan",
        "A target of tables (embedded, clickhouse) gets the pending migrations, once every pipe was proven\n"
        "on the engine against the declared schema. A Tinybird workspace gets the project's datafiles: on\n"
        "Forward as one deployment, on Classic one request a resource. The workspace is read first, and\n"
        "read again afterwards: what it ignored is an error (X604).\n\n"
        "Nothing is sent when nothing changed. A run that was stopped goes on when it is given again; a\n"
        "deployment that somebody else began is left alone (exit 4). So is a change that loses rows,\n"
        "without --allow-destructive, and a protected target without --confirm.\n"
        "On Classic a new materialized view begins with the rows that come; --populate has those that are\n"
        "there put into its target as well, waits for the job, and says how it ended.\n"
        "Tokens come from the environment, `.env` or `.tinyb`; `workspace:` of birdhouse.yaml keeps a wrong\n"
        "one from changing another workspace. docs/targets.md tells what each target does with each "
        "change.\n\n"
        "Examples:\n"
        "  birdhouse deploy --dry-run --target production\n"
        "  birdhouse deploy --check --target production --format markdown > comment.md\n"
        "  birdhouse deploy --target production --confirm production",
        run);
}

} // namespace birdhouse::commands
