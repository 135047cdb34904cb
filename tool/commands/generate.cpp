#include "ops/generate.hpp"

#include "commands/list.hpp"
#include "commands/reporting.hpp"

#include <filesystem>
#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    bool check = false;
    std::string output;
    std::string format = "text";
    void bind(FlagBinder& binder) {
        binder.flag("--check", check, "write nothing; fail when the folder differs from the definitions");
        binder.text("--output", output, "DIR",
                    "where the datafiles go; `output` of birdhouse.yaml by default");
        binder.choice("--format", format, {"text", "json"}, "how the report is printed");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    // A folder from the command line is meant from where the user stands, one from the project from its own.
    const std::string output = flags.output.empty() ? open->project.config.output_folder
                                                    : std::filesystem::absolute(flags.output).string();
    Diagnostics problems;
    const auto report = ops::generate(open->project, session.folder, output, open->sources, problems,
                                      flags.check ? ops::GenerateMode::Check : ops::GenerateMode::Write);
    report_problems(problems, open->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (report->refused) {
        return ExitCode::Problems;
    }
    session.out << (flags.format == "json" ? render_json(*report) : render_text(*report));
    return flags.check && report->out_of_date() ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command generate() {
    return make_command<Flags>(
        {"generate"}, "write the datafiles of the definitions",
        "Renders every datasource and pipe definition into a datafile, by the standard templates or by\n"
        "templates/datasource.tmpl and templates/pipe.tmpl of the project. All files are rendered and read\n"
        "back before the first one is written; unchanged files are not touched. Files that birdhouse wrote\n"
        "and no definition makes any more are removed; files that it did not write are left alone.\n"
        "With --check nothing is written: differences are shown, and the exit code is 1 when there are "
        "any.\n\n"
        "  birdhouse generate\n"
        "  birdhouse generate --check --format json\n",
        run);
}

} // namespace birdhouse::commands
