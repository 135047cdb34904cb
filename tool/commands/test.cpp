// birdhouse test
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/pipe_test.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::vector<std::string> only;
    std::string format = "text";
    std::uint64_t jobs = 0;
    bool accept = false;

    void bind(FlagBinder& binder) {
        binder.rest("PIPE", only, "run the tests of these pipes only, or of these files");
        binder.flag("--accept", accept, "write what came back into the test files; read what it wrote");
        binder.number("--jobs", jobs, "N", "tests that run at a time; as many as there are cores by default");
        binder.choice("--format", format, {"text", "json"}, "how the report is printed");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const Result<ops::TestReport> report = ops::test_pipes(
        *open, {flags.only, static_cast<std::size_t>(flags.jobs), flags.accept}, session, problems);
    report_problems(problems, open->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (problems.has_errors()) {
        return ExitCode::Problems;
    }
    for (const std::string& notice : report->fixtures.notices) {
        session.err << "notice: " << notice << "\n";
    }
    session.out << (flags.format == "json" ? ops::render_json(*report) : ops::render_text(*report));
    return report->count(ops::TestState::Failed) != 0 ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command test() {
    return make_command<Flags>(
        {"test"}, "run the tests of pipes against fixtures",
        "Runs tests/<pipe>.yaml, as Tinybird keeps them: a list of tests with a name, parameters as a query\n"
        "string, expected_result as NDJSON or the message of an error, and expected_http_status. Tables "
        "hold\n"
        "the project's fixtures: fixtures/<datasource>.ndjson (or .csv, .parquet), or the same below\n"
        "datasources/, taken in as ingestion would, materialized views included. All of it happens on an\n"
        "engine in memory; no target is touched. Exits with 1 when a test fails.\n"
        "A result that is not recorded yet fails, and --accept writes it down. Tests that depend on the "
        "time\n"
        "of day want parameters that pin it.\n\n"
        "  birdhouse test\n"
        "  birdhouse test top_models_by_spend\n"
        "  birdhouse test top_models_by_spend --accept\n",
        run);
}

} // namespace birdhouse::commands
