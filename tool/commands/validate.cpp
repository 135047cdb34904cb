#include "ops/validate.hpp"

#include "commands/event_flags.hpp"
#include "commands/list.hpp"
#include "ops/event_problems.hpp"
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
    std::uint64_t sample = 1;
    std::uint64_t max_errors = 0;
    std::string fail_over;
    bool strict = false;
    void bind(FlagBinder& binder) {
        binder.positional("datasource", datasource, true, "the datasource that the events are for");
        binder.rest("files", files, "NDJSON files, also gzip or zstd; `-` or none for standard input");
        binder.choice("--format", format, ops::report_formats(), "how the report is printed");
        binder.number("--max-samples", max_samples, "N", "places shown of each problem");
        binder.number("--max-errors", max_errors, "N", "stop reading at so many rows with problems");
        binder.text("--fail-over", fail_over, "PERCENT",
                    "exit with 1 only when more than so many of the rows have problems: 0.1%");
        binder.number("--sample", sample, "N", "check one row in N, and estimate the rest");
        binder.flag("--strict", strict, "answer what the documentation leaves open with a refusal");
        binder.number("--max-line-bytes", max_line_bytes, "N", "longer lines are refused");
        binder.number("--threads", threads, "N", "as many as there are processors without it");
    }
};

std::string render(const ops::EventReport& report, const events::EventSchema& schema,
                   ops::ReportFormat format, const std::string& version) {
    switch (format) {
    case ops::ReportFormat::Text:
        return ops::render_text(report, schema);
    case ops::ReportFormat::Json:
        return ops::render_json(report, schema);
    case ops::ReportFormat::GitHub:
        return ops::render_github(ops::event_problems(report, schema, version));
    case ops::ReportFormat::Sarif:
        return ops::render_sarif(ops::event_problems(report, schema, version));
    case ops::ReportFormat::JUnit:
        return ops::render_junit(ops::event_problems(report, schema, version));
    }
    return {};
}

ops::EventInput input_of(const Flags& flags) {
    ops::EventInput input;
    input.files = flags.files;
    input.longest_line = flags.max_line_bytes;
    input.most_samples = flags.max_samples;
    input.threads = flags.threads;
    input.one_row_in = flags.sample;
    input.most_problems = flags.max_errors;
    return input;
}

ExitCode run(const Flags& flags, ops::Session& session) {
    const Result<double> borne = read_share("--fail-over", flags.fail_over);
    if (!borne) {
        return report_failure(borne.error(), session);
    }
    if (flags.sample == 0) {
        return report_failure(
            {ExitCode::Usage, "--sample 0 would check no row", "check one in N: `--sample 100`"}, session);
    }
    const auto schema = open_event_schema(flags.datasource, flags.strict, session);
    if (!schema) {
        return report_failure(schema.error(), session);
    }
    if (!*schema) {
        return ExitCode::Problems;
    }
    const auto report = ops::validate_events(**schema, input_of(flags), session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    session.out << render(*report, **schema, *ops::parse_report_format(flags.format), session.version);
    return report->has_more_problems_than(*borne) ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command validate() {
    Command command = make_command<Flags>(
        {"validate"}, "say what ingestion would do with events",
        "Reads NDJSON and says of each row whether ingestion takes it, puts it in quarantine and why, or\n"
        "cannot read it; which keys have no column; and which rules of the definition are broken.\n"
        "Exits with 1 when a row is refused or breaks a rule, or more than --fail-over bears.\n"
        "A .datasource file, or a definition without column groups, may stand for the datasource: then\n"
        "no project is needed, and the open questions of ingestion have their usual answers.\n\n"
        "By hand, while a producer is written:\n"
        "  birdhouse validate llm_events samples/*.ndjson\n"
        "  tail -n 1000 events.log | birdhouse validate tinybird/llm_events.datasource\n"
        "In CI, over what is stored:\n"
        "  birdhouse validate llm_events --fail-over 0.1% --format github days/*.ndjson.zst\n"
        "  birdhouse validate llm_events --sample 100 --strict year.ndjson.gz\n"
        "As a pre-commit hook, .git/hooks/pre-commit:\n"
        "  exec birdhouse validate llm_events --max-errors 20 fixtures/llm_events/*.ndjson\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands
