// birdhouse pipe record [NAME...]
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/contract_record.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::vector<std::string> names;
    bool check = false;
    bool accept_breaking = false;
    std::string format = "text";
    void bind(FlagBinder& binder) {
        binder.rest("NAME", names,
                    "endpoints: a pipe with all its versions, or one version as it is published; all by "
                    "default");
        binder.flag("--check", check, "write nothing; fail when a contract differs from its endpoint");
        binder.flag("--accept-breaking", accept_breaking,
                    "record what breaks a promise too: only when nobody calls the endpoint yet");
        binder.choice("--format", format, {"text", "json"}, "how the report is printed");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    const ops::RecordRequest request{flags.names,
                                     flags.check ? ops::GenerateMode::Check : ops::GenerateMode::Write,
                                     flags.accept_breaking};
    Diagnostics problems;
    const Result<ops::RecordReport> report =
        ops::record_contracts(*open, session.folder, session.targets, request, problems);
    report_problems(problems, open->sources, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    if (report->incomplete) {
        return ExitCode::Problems;
    }
    if (report->breaks) {
        return ExitCode::Refused;
    }
    session.out << (flags.format == "json" ? render_json(*report) : render_text(*report));
    return flags.check && report->out_of_date() ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command pipe_record() {
    return make_command<Flags>(
        {"pipe", "record"}, "write down what endpoints promise",
        "A contract is what those who call an endpoint go by: its columns with their types, as the engine\n"
        "says them; what a row stands for (GROUP BY); the order and limit of its rows; its parameters with\n"
        "type, default and whether a call needs them. It is written to pipes/contracts/NAME.vN.json, to be\n"
        "committed, and from then on `birdhouse check` refuses what would break it. New columns and new\n"
        "parameters that may be left out break nothing: record again to promise them too.\n"
        "A recorded promise is not broken by recording over it: that exits with 4 and writes nothing. Begin\n"
        "a version with `birdhouse pipe bump`, or say --accept-breaking.\n\n"
        "  birdhouse pipe record\n"
        "  birdhouse pipe record top_models_by_spend\n"
        "  birdhouse pipe record --check\n",
        run);
}

} // namespace birdhouse::commands
