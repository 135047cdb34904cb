#include "ops/validate.hpp"

#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/event_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string datasource;
    std::vector<std::string> files;
    std::string format = "text";
    std::uint64_t max_samples = 3;
    std::uint64_t max_line_bytes = events::kLongestLine;
    std::uint64_t threads = 0;
    bool strict = false;
    void bind(FlagBinder& binder) {
        binder.positional("datasource", datasource, true, "the datasource that the events are for");
        binder.rest("files", files, "NDJSON files, also gzip or zstd; `-` or none for standard input");
        binder.choice("--format", format, {"text", "json"}, "how the report is printed");
        binder.number("--max-samples", max_samples, "N", "places shown of each problem");
        binder.number("--max-line-bytes", max_line_bytes, "N", "longer lines are refused");
        binder.flag("--strict", strict, "answer what the documentation leaves open with a refusal");
        binder.number("--threads", threads, "N", "as many as there are processors without it");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    model::Project project = open->project;
    if (flags.strict) {
        project.config.ingestion = model::strict_ingestion();
    }
    const auto schema = ops::compile_events(project, flags.datasource, problems);
    if (!schema) {
        return report_failure(schema.error(), session);
    }
    report_problems(problems, open->sources, session);
    if (!*schema) {
        return ExitCode::Problems;
    }
    const auto report = ops::validate_events(
        **schema, {flags.files, flags.max_line_bytes, flags.max_samples, flags.threads}, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    session.out << (flags.format == "json" ? ops::render_json(*report, **schema)
                                           : ops::render_text(*report, **schema));
    return report->has_problems() ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command validate() {
    return make_command<Flags>(
        {"validate"}, "say what ingestion would do with events",
        "Reads NDJSON and says of each row whether ingestion takes it, puts it in quarantine and why, or\n"
        "cannot read it; which keys have no column; and which rules of the definition are broken.\n"
        "Exits with 1 when a row is refused or breaks a rule.\n\n"
        "  birdhouse validate llm_events samples/*.ndjson\n"
        "  birdhouse validate llm_events --strict day.ndjson.zst\n"
        "  tail -n 1000 events.log | birdhouse validate llm_events --format json\n",
        run);
}

} // namespace birdhouse::commands
