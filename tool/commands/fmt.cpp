// birdhouse fmt
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/format.hpp"

#include <algorithm>
#include <istream>
#include <iterator>
#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::vector<std::string> paths;
    std::string kind;
    std::string style = "quoted";
    bool check = false;
    bool diff = false;
    bool sql = false;

    void bind(FlagBinder& binder) {
        binder.rest("PATH", paths, "datafiles, and folders of them; the project's folder by default");
        binder.flag("--check", check, "write nothing; fail when a file is not in canonical form");
        binder.flag("--diff", diff, "write nothing; print what would change");
        binder.flag("--sql", sql, "format the SQL of nodes as well, as the engine does");
        binder.choice("--style", style, {"quoted", "tb"}, "how engine lines are written");
        binder.choice("--kind", kind, {"datasource", "pipe", "connection", "incl"},
                      "what the standard input is, for the path `-`");
    }
};

syntax::DatafileKind kind_of(const std::string& word) {
    return word == "datasource"   ? syntax::DatafileKind::Datasource
           : word == "pipe"       ? syntax::DatafileKind::Pipe
           : word == "connection" ? syntax::DatafileKind::Connection
                                  : syntax::DatafileKind::Include;
}

ops::FormatRequest request_of(const Flags& flags) {
    ops::FormatRequest request;
    request.paths = flags.paths;
    request.style = flags.style == "tb" ? codec::FormatStyle::Tb : codec::FormatStyle::Quoted;
    request.mode = flags.check || flags.diff ? ops::FormatMode::Check : ops::FormatMode::Write;
    request.sql = flags.sql;
    return request;
}

Result<bool> reads_standard_input(const Flags& flags) {
    const bool asked = std::ranges::find(flags.paths, "-") != flags.paths.end();
    if (asked && flags.paths.size() > 1) {
        return Error{ExitCode::Usage, "`-` stands beside other paths", "format them one by one"};
    }
    if (asked && flags.kind.empty()) {
        return Error{ExitCode::Usage, "`-` does not say what kind of datafile it is",
                     "add --kind datasource, pipe, connection or incl"};
    }
    if (!asked && !flags.kind.empty()) {
        return Error{ExitCode::Usage, "--kind is for the standard input", "add the path `-`"};
    }
    return asked;
}

ExitCode run(const Flags& flags, ops::Session& session) {
    const Result<bool> standard_input = reads_standard_input(flags);
    if (!standard_input) {
        return report_failure(standard_input.error(), session);
    }
    const ops::FormatRequest request = request_of(flags);
    SourceMap sources;
    Diagnostics problems;
    const auto report = *standard_input
                            ? ops::format_text(request, kind_of(flags.kind), "-",
                                               std::string(std::istreambuf_iterator<char>(session.in), {}),
                                               session, sources, problems)
                            : ops::format_files(request, session, sources, problems);
    report_problems(problems, sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    for (const std::string& notice : report->notices) {
        session.err << "notice: " << notice << "\n";
    }
    const bool as_filter = *standard_input && request.mode == ops::FormatMode::Write;
    if (!as_filter) {
        session.out << render_text(*report,
                                   flags.diff ? ops::ShowDifferences::Yes : ops::ShowDifferences::No);
    } else if (!report->files.empty()) {
        session.out << report->files.front().after;
    }
    const bool out_of_form = flags.check && report->changed() != 0;
    return report->left_alone != 0 || out_of_form ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command fmt_command() {
    Command command = make_command<Flags>(
        {"fmt"}, "put datafiles into their canonical form",
        "Lays out .datasource, .pipe, .connection and .incl files as `generate` writes them: one order of\n"
        "directives, four blanks, one column a line, names between back-quotes. Comments are kept, and what\n"
        "a file says does not change. A file with errors is reported and left alone. Files that `generate`\n"
        "wrote are passed over, and so are hidden folders, `build`, `node_modules` and `vendor`.\n"
        "SQL keeps its lines and is indented as a whole. With --sql the engine lays it out; templates, and\n"
        "SQL with comments, stay as they are.\n"
        "--style tb comes as near to `tb fmt` as is harmless: engine lines without quotes, sorted by name.\n"
        "Definitions in YAML are not formatted: their comments and their layout are the author's.\n\n"
        "  birdhouse fmt\n"
        "  birdhouse fmt --check --diff pipes/top_models.pipe\n"
        "  birdhouse fmt - --kind pipe < top_models.pipe\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands
