#include "ops/send.hpp"

#include "base/text.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/deployed.hpp"
#include "ops/event_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string datasource;
    std::vector<std::string> files;
    std::string target;
    std::string format = "text";
    std::string dead_letter;
    bool strict = false;
    std::uint64_t max_samples = 3;
    std::uint64_t max_line_bytes = events::kLongestLine;
    void bind(FlagBinder& binder) {
        binder.positional("datasource", datasource, true, "the datasource that the events are for");
        binder.rest("files", files, "NDJSON files; `-` or none for standard input");
        binder.text("--target", target, "NAME", "where to send; the project's default target otherwise");
        binder.flag("--strict", strict, "do not send rows that break a rule of the definition");
        binder.text("--dead-letter", dead_letter, "FILE",
                    "where refused rows are added; below .birdhouse/refused otherwise");
        binder.choice("--format", format, {"text", "json"}, "how the report is printed");
        binder.number("--max-samples", max_samples, "N", "places shown of each problem");
        binder.number("--max-line-bytes", max_line_bytes, "N", "longer lines are refused");
    }
};

ops::SendOptions options_of(const Flags& flags) {
    ops::SendOptions options;
    options.input = {flags.files, flags.max_line_bytes, flags.max_samples};
    options.strict = flags.strict;
    options.dead_letter = flags.dead_letter;
    return options;
}

ExitCode send_checked(const Flags& flags, const events::EventSchema& schema, target::SqlTarget& target,
                      ops::Session& session) {
    const auto report = ops::send_events(schema, target, options_of(flags), session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    session.out << (flags.format == "json" ? ops::render_json(*report, schema)
                                           : ops::render_text(*report, schema));
    const bool held_back = flags.strict && report->events.tally.rule_breaking() != 0;
    return report->events.refuses() || held_back ? ExitCode::Problems : ExitCode::Fine;
}

// The target's table decides what can be stored: the definitions may be ahead of it.
Result<void> restrict_and_tell(ops::OpenProject& open, const std::string& datasource,
                               target::SqlTarget& target, ops::Session& session) {
    TRY_ASSIGN(const std::vector<std::string> missing,
               ops::restrict_to_deployed(open.project, datasource, target));
    if (!missing.empty()) {
        session.err << "note: target " << target.name() << " does not have " << join(missing, ", ")
                    << " yet, so these are not stored; see `birdhouse migrate status`\n";
    }
    return {};
}

ExitCode run(const Flags& flags, ops::Session& session) {
    std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    // Asked before the target is opened: a mistyped name must not make one.
    if (const auto declared = ops::compile_events(open->project, flags.datasource, problems);
        !declared || !*declared) {
        report_problems(problems, open->sources, session);
        return declared ? ExitCode::Problems : report_failure(declared.error(), session);
    }
    const auto settings = ops::choose_target(open->project.config, flags.target);
    if (!settings) {
        return report_failure(settings.error(), session);
    }
    const auto target = session.targets.open(*settings, session.folder);
    if (!target) {
        return report_failure(target.error(), session);
    }
    if (const Result<void> told = restrict_and_tell(*open, flags.datasource, **target, session); !told) {
        return report_failure(told.error(), session);
    }
    Diagnostics restricted;
    const auto schema = ops::compile_events(open->project, flags.datasource, restricted);
    report_problems(restricted, open->sources, session);
    return schema && *schema ? send_checked(flags, **schema, **target, session) : ExitCode::Problems;
}

} // namespace

Command send() {
    return make_command<Flags>(
        {"send"}, "check events and store them in a target",
        "Checks each row as `validate` does. Rows that ingestion takes go to the datasource, rows that it\n"
        "refuses to <datasource>_quarantine and, as they were, to a dead-letter file. Rows that break only "
        "a\n"
        "rule of the definition are sent, unless --strict holds them back. Exits with 1 when a row is "
        "refused.\n\n"
        "  birdhouse send llm_events events.ndjson --target local\n",
        run);
}

} // namespace birdhouse::commands
