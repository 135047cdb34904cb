#include "commands/command.hpp"

#include "base/text.hpp"
#include "commands/reporting.hpp"
#include "ops/ignores.hpp"

#include <algorithm>
#include <ostream>

namespace birdhouse::commands {

ExitCode report_failure(const Error& error, ops::Session& session) {
    session.err << "error: " << error.message << "\n";
    if (!error.hint.empty()) {
        session.err << "  = help: " << error.hint << "\n";
    }
    return error.code;
}

void report_problems(const Diagnostics& problems, const SourceMap& sources, ops::Session& session) {
    session.err << render_text(problems, sources);
    if (!problems.empty()) {
        session.err << counted(problems.errors(), "error") << ", " << counted(problems.warnings(), "warning")
                    << "\n";
    }
}

ExitCode exit_code_of(const Diagnostics& problems) {
    const std::span<const Diagnostic> all = problems.all();
    const bool destroys = std::any_of(all.begin(), all.end(),
                                      [](const Diagnostic& one) { return one.code->id.starts_with('D'); });
    return destroys ? ExitCode::Refused : ExitCode::Problems;
}

Result<Date> read_date(std::string_view flag, const std::string& given) {
    const std::optional<Date> date = parse_date(given);
    return date
               ? Result<Date>(*date)
               : Error{ExitCode::Usage,
                       std::string(flag) + " is given " + backquoted(printable(given)) + ", which is no date",
                       "write it as 2027-01-31"};
}

Result<Date> read_today(const std::string& given, const ops::Session& session) {
    return given.empty() ? Result<Date>(date_of(session.clock.now())) : read_date("--today", given);
}

std::optional<ops::OpenProject> open_usable_project(ops::Session& session) {
    ops::OpenProject open = ops::open_project(session.folder, ops::datafile_options(session.environment));
    report_problems(ops::without_ignored(open.problems, open.sources), open.sources, session);
    if (!open.usable()) {
        return std::nullopt;
    }
    return open;
}

} // namespace birdhouse::commands
