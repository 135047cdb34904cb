#include "ops/validate.hpp"

#include "commands/event_flags.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/event_problems.hpp"
#include "ops/event_report.hpp"
#include "ops/event_states.hpp"
#include "ops/ignores.hpp"
#include "ops/verdict_change.hpp"

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
    std::string from;
    std::string to;
    std::string by;
    bool strict = false;
    bool fix_hints = false;
    void bind(FlagBinder& binder) {
        binder.positional("datasource", datasource, true, "the datasource that the events are for");
        binder.rest("files", files, "NDJSON files, also gzip or zstd; `-` or none for standard input");
        binder.choice("--format", format, ops::report_formats(), "how the report is printed");
        binder.flag("--fix-hints", fix_hints, "say how the definition or the producer can be mended");
        binder.number("--max-samples", max_samples, "N", "places shown of each problem");
        binder.number("--max-errors", max_errors, "N", "stop reading at so many rows with problems");
        binder.text("--fail-over", fail_over, "PERCENT",
                    "exit with 1 only when more than so many of the rows have problems: 0.1%");
        binder.number("--sample", sample, "N", "check one row in N, and estimate the rest");
        binder.text("--from", from, "STATE",
                    "compare verdicts with an earlier schema: a migration, a git revision or a folder");
        binder.text("--to", to, "STATE", "the later schema; the working folder by default");
        binder.text("--by", by, "COLUMN",
                    "with --from or --to, count by the values of a column or a JSON path: who is hit");
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
    input.gathers = flags.fix_hints;
    input.one_row_in = flags.sample;
    input.most_problems = flags.max_errors;
    return input;
}

void report_side(const ops::DiffSide& side, Diagnostics problems, ops::Session& session) {
    problems.append(ops::without_ignored(side.open.problems, side.open.sources));
    if (!problems.empty()) {
        session.err << "problems in " << side.name << ":\n";
        report_problems(problems, side.open.sources, session);
    }
}

ExitCode compare(const Flags& flags, ops::Session& session) {
    const bool text = flags.format == "text";
    if (!text && flags.format != "json") {
        return report_failure({ExitCode::Usage, "a comparison of two schemas is printed as text or json",
                               "leave --format " + flags.format + " out"},
                              session);
    }
    const auto states =
        ops::open_event_states({flags.datasource, flags.from, flags.to, flags.strict}, session);
    if (!states) {
        return report_failure(states.error(), session);
    }
    report_side(states->before, states->problems_before, session);
    report_side(states->after, states->problems_after, session);
    if (!states->schema_before || !states->schema_after) {
        return ExitCode::Problems;
    }
    const auto change =
        ops::compare_verdicts(*states->schema_before, *states->schema_after,
                              {states->before.name, states->after.name, flags.by, input_of(flags)}, session);
    if (!change) {
        return report_failure(change.error(), session);
    }
    session.out << (text ? ops::render_text(*change, *states->schema_before, *states->schema_after)
                         : ops::render_json(*change, *states->schema_before, *states->schema_after));
    return ops::breaks(*change) || !change->refused_inputs.empty() ? ExitCode::Problems : ExitCode::Fine;
}

ExitCode run(const Flags& flags, ops::Session& session) {
    if (!flags.from.empty() || !flags.to.empty()) {
        return compare(flags, session);
    }
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
        "  tail -n 1000 events.log | birdhouse validate tinybird/llm_events.datasource --fix-hints\n"
        "In CI, over what is stored:\n"
        "  birdhouse validate llm_events --fail-over 0.1% --format github days/*.ndjson.zst\n"
        "  birdhouse validate llm_events --sample 100 --strict year.ndjson.gz\n"
        "Before a schema changes, over stored samples: which rows change their verdict, and whose. The "
        "answer\n"
        "is model (all that was taken is refused), revision (some of it is, or loses a key), addition or "
        "none:\n"
        "  birdhouse validate llm_events --from 0001 --to 0002 --by provider samples/*.ndjson\n"
        "  birdhouse validate llm_events --from main samples/*.ndjson\n"
        "As a pre-commit hook, .git/hooks/pre-commit:\n"
        "  exec birdhouse validate llm_events --max-errors 20 fixtures/llm_events/*.ndjson\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands
