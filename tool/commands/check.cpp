#include "ops/check.hpp"

#include "base/text.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/problem_report.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <ostream>
#include <string_view>

namespace birdhouse::commands {

namespace {

namespace fs = std::filesystem;

struct Flags {
    std::string path;
    std::string format = "text";
    bool no_engine = false;
    bool strict = false;
    bool rules = false;
    std::string today;
    void bind(FlagBinder& binder) {
        binder.positional("PATH", path, false,
                          "a project's folder, or a file of one: then only its problems are shown");
        binder.choice("--format", format, ops::report_formats(), "how the problems are printed");
        binder.flag("--no-engine", no_engine, "the static rules only: fast, and nothing has to be loaded");
        binder.flag("--strict", strict, "warnings fail too");
        binder.flag("--rules", rules, "print what is looked for, and stop");
        binder.text("--today", today, "DATE",
                    "the date that counts as today, for versions that may go from a date on; the clock's by "
                    "default");
    }
};

// What is checked: a project, and the one file of it that was asked for.
struct Subject {
    fs::path folder;
    std::string file; // relative to the folder; empty for all
};

bool is_usual_folder(const fs::path& name) {
    constexpr auto kUsual =
        std::to_array<std::string_view>({"connections", "copies", "datasources", "endpoints", "includes",
                                         "materializations", "pipes", "playgrounds", "sinks"});
    return std::find(kUsual.begin(), kUsual.end(), name.string()) != kUsual.end();
}

// Of a project without any mark of its root: the folder that its usual folders stand in.
fs::path out_of_usual_folder(const fs::path& folder) {
    std::error_code failure; // a folder that cannot be listed has no usual folders in it
    const auto inner = fs::directory_iterator(folder, failure);
    const bool holds_usual = std::any_of(begin(inner), end(inner), [](const fs::directory_entry& entry) {
        return is_usual_folder(entry.path().filename());
    });
    return is_usual_folder(folder.filename()) && !holds_usual ? folder.parent_path() : folder;
}

// A folder that was named is taken as it is; from anywhere else the project is looked for upwards.
Result<Subject> find_subject(const Flags& flags, const ops::Session& session) {
    std::error_code failure;
    const fs::path here = fs::current_path(failure);
    const fs::path whole =
        (here / (flags.path.empty() ? session.folder : fs::path(flags.path))).lexically_normal();
    if (!fs::exists(whole, failure)) {
        return Error{ExitCode::Usage, "there is no " + backquoted(printable(flags.path)),
                     "name a folder or a file"};
    }
    const bool is_folder = fs::is_directory(whole, failure);
    const fs::path folder = is_folder && !whole.has_filename() ? whole.parent_path() : whole;
    const fs::path from = out_of_usual_folder(is_folder ? folder : whole.parent_path());
    if (is_folder && folder != here && ops::holds_project(from)) {
        return Subject{from, {}};
    }
    const std::optional<fs::path> project = ops::find_project(from);
    if (!project) {
        return Error{ExitCode::Usage, "no birdhouse.yaml here or in a folder above, and no datafiles here",
                     "go to a project's folder, or name it: `birdhouse check DIR`"};
    }
    return Subject{*project, is_folder ? "" : whole.lexically_relative(*project).generic_string()};
}

Diagnostics of_file(const Diagnostics& problems, const SourceMap& sources, const std::string& file) {
    Diagnostics chosen;
    for (const Diagnostic& problem : problems.all()) {
        if (!problem.labels.empty() && sources.path(problem.labels.front().span.source) == file) {
            chosen.add(problem);
        }
    }
    return chosen;
}

// As GitHub and SARIF name files: from where the command runs, which in CI is the root of the repository.
std::string folder_from_here(const fs::path& folder) {
    std::error_code failure;
    const std::string relative = folder.lexically_relative(fs::current_path(failure)).generic_string();
    return relative == "." ? "" : relative;
}

std::string summary(const ops::OpenProject& open) {
    return "no problems: " + counted(open.project.datasources.size(), "datasource") + ", " +
           counted(open.project.pipes.size(), "pipe") + "\n";
}

ExitCode run(const Flags& flags, ops::Session& session) {
    if (flags.rules) {
        session.out << (flags.format == "json" ? ops::render_rules_json() : ops::render_rules());
        return ExitCode::Fine;
    }
    const Result<Date> today = read_today(flags.today, session);
    if (!today) {
        return report_failure(today.error(), session);
    }
    const Result<Subject> subject = find_subject(flags, session);
    if (!subject) {
        return report_failure(subject.error(), session);
    }
    const ops::OpenProject open =
        ops::open_project(subject->folder, ops::datafile_options(session.environment));
    const ops::CheckReport report =
        ops::check_project(open, flags.no_engine ? nullptr : &session.targets, *today);
    const Diagnostics problems =
        subject->file.empty() ? report.problems : of_file(report.problems, open.sources, subject->file);
    const ops::ReportFormat format = *ops::parse_report_format(flags.format);
    session.out << ops::render_problems(
        {problems, open.sources, "check", session.version, folder_from_here(subject->folder), flags.strict},
        format);
    if (report.engine_failure) {
        return report_failure(*report.engine_failure, session);
    }
    if (problems.empty() && format == ops::ReportFormat::Text) {
        session.out << summary(open);
    }
    return problems.has_errors() || (flags.strict && !problems.empty()) ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command check() {
    Command command = make_command<Flags>(
        {"check"}, "every problem of a project",
        "Reads the project, definitions or datafiles of either generation, holds every resource against the\n"
        "static rules and then builds the whole of it on the embedded engine in memory. Every problem has a\n"
        "code, which docs/errors.md explains. Exits with 1 when there are errors, with --strict also when\n"
        "there are warnings.\n\n"
        "A comment in the file, with a reason, ignores a code on its own line or the line below it, or in "
        "the\n"
        "whole file; docs/checks.md says more:\n\n"
        "  # birdhouse: ignore F312: the table is emptied every night by a job\n"
        "  # birdhouse: ignore-file F325: read by the billing service\n\n"
        "Examples:\n"
        "  birdhouse check\n"
        "  birdhouse check --no-engine datasources/llm_events.yaml\n"
        "  birdhouse check --strict --format sarif > check.sarif\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands
