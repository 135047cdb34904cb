#include "ops/send.hpp"

#include "base/text.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/deployed.hpp"
#include "ops/event_report.hpp"

#include <algorithm>
#include <istream>
#include <limits>
#include <ostream>
#include <utility>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string datasource;
    std::vector<std::string> files;
    std::string target;
    std::string format = "text";
    std::string dead_letter;
    std::string compress = "gzip";
    bool strict = false;
    bool require_token = false;
    bool no_wait = false;
    bool follow = false;
    bool resume = false;
    bool again = false;
    bool resend_unknown = false;
    bool forget_unknown = false;
    std::uint64_t max_samples = 3;
    std::uint64_t max_line_bytes = events::kLongestLine;
    std::uint64_t batch_rows = 10'000;
    std::uint64_t batch_bytes = std::uint64_t{4} << 20U;
    std::uint64_t max_rps = 0;
    std::uint64_t timeout = 5;
    void bind(FlagBinder& binder) {
        binder.positional("datasource", datasource, true, "the datasource that the events are for");
        binder.rest(
            "files", files,
            "NDJSON files or JSON arrays, also gzip or zstd; quoted patterns; `-` or none for standard "
            "input");
        binder.text("--target", target, "NAME", "where to send; the project's default target otherwise");
        binder.flag("--strict", strict, "do not send rows that break a rule of the definition");
        binder.text("--dead-letter", dead_letter, "FILE",
                    "where refused rows are added; below .birdhouse/refused otherwise");
        binder.choice("--format", format, {"text", "json"}, "how the report is printed");
        binder.number("--max-samples", max_samples, "N", "places shown of each problem");
        binder.number("--max-line-bytes", max_line_bytes, "N", "longer lines are refused");
        binder.flag("--require-token", require_token, "fail when there is no token, in place of a notice");
        binder.flag("--follow", follow, "wait for more in growing files, until SIGINT or SIGTERM");
        binder.flag("--again", again, "send files from their start, whatever was sent of them before");
        binder.flag("--resume", resume, "standard input is that of a run that was broken off");
        binder.flag("--resend-unknown", resend_unknown,
                    "send rows again of which nobody knows whether they were stored");
        binder.flag("--forget-unknown", forget_unknown, "let such rows be, and do not list them any more");
        binder.number("--batch-rows", batch_rows, "N", "rows of a request, at most");
        binder.number("--batch-bytes", batch_bytes, "N", "bytes of a request, about");
        binder.choice("--compress", compress, {"gzip", "zstd", "none"}, "how requests are packed");
        binder.number("--max-rps", max_rps, "N", "requests in a second, at most");
        binder.number("--timeout", timeout, "SECONDS", "how long an answer is waited for");
        binder.flag("--no-wait", no_wait, "take the rows as stored before the workspace has written them");
    }
};

ops::SendOptions options_of(const Flags& flags) {
    ops::SendOptions options;
    options.input = {flags.files, flags.max_line_bytes, flags.max_samples};
    options.strict = flags.strict;
    options.dead_letter = flags.dead_letter;
    return options;
}

events::Packing packing_of(const std::string& word) {
    return word == "none" ? events::Packing::None
                          : (word == "zstd" ? events::Packing::Zstd : events::Packing::Gzip);
}

ops::TinybirdSendOptions tinybird_options_of(const Flags& flags, const std::string& target) {
    ops::TinybirdSendOptions options;
    options.target = target;
    options.input = {flags.files, flags.max_line_bytes, flags.max_samples};
    options.strict = flags.strict;
    options.dead_letter = flags.dead_letter;
    options.batch_rows = std::max<std::uint64_t>(flags.batch_rows, 1);
    options.batch_bytes = flags.batch_bytes;
    options.call.waits = !flags.no_wait;
    options.call.packing = packing_of(flags.compress);
    options.call.timeout = std::chrono::seconds(std::clamp<std::uint64_t>(flags.timeout, 1, 3'600));
    options.call.most_per_second = flags.max_rps;
    options.follow = flags.follow;
    options.resume = flags.resume;
    options.again = flags.again;
    options.resend_unknown = flags.resend_unknown;
    options.forget_unknown = flags.forget_unknown;
    return options;
}

bool is_tinybird(const model::TargetSettings& settings) {
    return settings.kind == model::TargetKind::TinybirdForward ||
           settings.kind == model::TargetKind::TinybirdClassic;
}

// Trackers run where nobody set a token: that is no failure, unless it was said to be one.
ExitCode tell_of_no_token(const Flags& flags, const ops::AccessQuestion& question, ops::Session& session) {
    const Error error = ops::no_token(question);
    if (flags.require_token) {
        return report_failure(error, session);
    }
    session.err << "note: " << error.message << ", so nothing was sent: " << error.hint << "\n";
    if (flags.files.empty()) {
        session.in.ignore(std::numeric_limits<std::streamsize>::max()); // whoever writes it may go on
    }
    return ExitCode::Fine;
}

ExitCode send_to_workspace(const Flags& flags, const events::EventSchema& schema,
                           const model::TargetSettings& settings, ops::Session& session) {
    const ops::AccessQuestion question{settings.name, settings.host, settings.token_env};
    const auto access = ops::find_tinybird_access(session.environment, session.folder, question);
    if (!access) {
        return report_failure(access.error(), session);
    }
    if (!*access) {
        return tell_of_no_token(flags, question, session);
    }
    const auto report =
        ops::send_to_tinybird(schema, **access, tinybird_options_of(flags, settings.name), session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    session.out << (flags.format == "json" ? ops::render_json(*report, schema)
                                           : ops::render_text(*report, schema))
                << std::flush;
    if (report->failure) {
        report_failure(*report->failure, session);
    }
    return report->exit_code(flags.strict);
}

// Those that only a workspace knows.
Result<void> refuse_flags(const Flags& flags, const model::TargetSettings& settings) {
    for (const auto& [given, name] :
         {std::pair(flags.follow, "--follow"), std::pair(flags.resume, "--resume"),
          std::pair(flags.resend_unknown, "--resend-unknown"),
          std::pair(flags.forget_unknown, "--forget-unknown")}) {
        if (given) {
            return Error{ExitCode::Usage,
                         backquoted(name) + " is for Tinybird targets, and " + backquoted(settings.name) +
                             " is another kind",
                         "leave it out, or name a target: --target NAME"};
        }
    }
    return {};
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

ExitCode send_to_table(const Flags& flags, ops::OpenProject& open, const model::TargetSettings& settings,
                       ops::Session& session) {
    if (const Result<void> allowed = refuse_flags(flags, settings); !allowed) {
        return report_failure(allowed.error(), session);
    }
    const auto target = session.targets.open(settings, session.folder);
    if (!target) {
        return report_failure(target.error(), session);
    }
    if (const Result<void> told = restrict_and_tell(open, flags.datasource, **target, session); !told) {
        return report_failure(told.error(), session);
    }
    Diagnostics restricted;
    const auto schema = ops::compile_events(open.project, flags.datasource, restricted);
    report_problems(restricted, open.sources, session);
    return schema && *schema ? send_checked(flags, **schema, **target, session) : ExitCode::Problems;
}

ExitCode run(const Flags& flags, ops::Session& session) {
    std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    // Asked before the target is opened: a mistyped name must not make one.
    const auto declared = ops::compile_events(open->project, flags.datasource, problems);
    if (!declared || !*declared) {
        report_problems(problems, open->sources, session);
        return declared ? ExitCode::Problems : report_failure(declared.error(), session);
    }
    const auto settings = ops::choose_target(open->project.config, flags.target);
    if (!settings) {
        return report_failure(settings.error(), session);
    }
    if (!is_tinybird(*settings)) {
        return send_to_table(flags, *open, *settings, session);
    }
    report_problems(problems, open->sources, session);
    return send_to_workspace(flags, **declared, *settings, session);
}

} // namespace

Command send() {
    return make_command<Flags>(
        {"send"}, "check events and send them to a target",
        "Checks each row as `validate` does. Rows that break only a rule of the definition are sent, unless\n"
        "--strict holds them back. Refused rows go, as they were, to a dead-letter file. Exits with 1 when "
        "a\n"
        "row is refused.\n\n"
        "To an embedded target: rows that ingestion refuses are stored as well, in <datasource>_quarantine.\n"
        "  birdhouse send llm_events events.ndjson --target local\n\n"
        "To a Tinybird workspace: good rows are posted in batches, and a journal below .birdhouse/send "
        "notes\n"
        "each of them. Broken off or killed, the same command goes on where it was; of a file that has "
        "grown\n"
        "or was rotated it sends what is new. Rows of which no answer tells whether they were stored are\n"
        "listed (exit code 5), and sent again only by --resend-unknown. The token is TINYBIRD_TOKEN, "
        "TB_TOKEN\n"
        "or TINYBIRD_API_KEY of the environment or of `.env`; without one nothing is sent, and that is no\n"
        "failure. docs/sending.md says more.\n"
        "  birdhouse send llm_events events.ndjson.gz --target production --require-token\n"
        "  birdhouse send llm_events 'logs/events-*.ndjson' --target production --max-rps 10\n"
        "  birdhouse send llm_events /var/log/events.ndjson --target production --follow\n",
        run);
}

} // namespace birdhouse::commands
