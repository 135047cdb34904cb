// birdhouse pipe bump NAME
#include "ops/pipe_bump.hpp"

#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/generate.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string name;
    std::string from;
    std::string deprecate;
    std::string today;
    std::string format = "text";
    void bind(FlagBinder& binder) {
        binder.positional("NAME", name, true, "the endpoint");
        binder.text("--from", from, "REVISION",
                    "take the old version from git: when the pipe was changed already");
        binder.text("--deprecate", deprecate, "DATE",
                    "the first day on which the old version may be gone; 90 days from today by default");
        binder.text("--today", today, "DATE", "the date that counts as today; the clock's by default");
        binder.choice("--format", format, {"text", "json"}, "how the report is printed");
    }
};

Result<Date> deprecation_date(const Flags& flags, const ops::Session& session) {
    if (!flags.deprecate.empty()) {
        return read_date("--deprecate", flags.deprecate);
    }
    TRY_ASSIGN(const Date today, read_today(flags.today, session));
    return days_after(today, ops::kDaysKept);
}

// Both versions, beside what else the project gives.
ExitCode generate_anew(ops::Session& session, std::ostream& out) {
    std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const Result<ops::GenerateReport> generated =
        ops::generate(open->project, session.folder, open->project.config.output_folder, open->sources,
                      problems, ops::GenerateMode::Write);
    report_problems(problems, open->sources, session);
    if (!generated) {
        return report_failure(generated.error(), session);
    }
    if (generated->refused) {
        return ExitCode::Problems;
    }
    out << render_text(*generated);
    return ExitCode::Fine;
}

ExitCode run(const Flags& flags, ops::Session& session) {
    std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    const Result<Date> date = deprecation_date(flags, session);
    if (!date) {
        return report_failure(date.error(), session);
    }
    Diagnostics problems;
    const Result<ops::BumpPlan> plan =
        ops::plan_bump(*open, session, {flags.name, flags.from, *date}, problems);
    report_problems(problems, open->sources, session);
    if (!plan) {
        return report_failure(plan.error(), session);
    }
    const Result<void> written = ops::write_bump(*plan, session.folder);
    if (!written) {
        return report_failure(written.error(), session);
    }
    const bool is_json = flags.format == "json";
    session.out << (is_json ? render_json(*plan) : render_text(*plan));
    return plan->is_definition ? generate_anew(session, is_json ? session.err : session.out) : ExitCode::Fine;
}

} // namespace

Command pipe_bump() {
    return make_command<Flags>(
        {"pipe", "bump"}, "begin the next version of an endpoint, and keep the one that consumers know",
        "Before: pipes/top.yaml is version 1, published as `top`, with a recorded contract. Afterwards:\n\n"
        "  pipes/top.v1.yaml             the same text; still version 1, still published as `top`\n"
        "  pipes/top.yaml                version 2, published as `top__v2`: change it as you like\n"
        "  pipes/contracts/top.v1.json   says from which day on version 1 may be gone\n\n"
        "and both are generated. Until that day `birdhouse check` refuses to let version 1 go, and always "
        "to\n"
        "break it; afterwards delete its definition and its contract together. When pipes/top.yaml was\n"
        "changed already, --from names a git revision that holds the old text.\n"
        "In a project of datafiles alone a pipe is published under its file's name: top.pipe stays as it "
        "is,\n"
        "and top__v2.pipe is written beside it. A pipe with Classic's own VERSION is left alone.\n\n"
        "  birdhouse pipe bump top_models_by_spend\n"
        "  birdhouse pipe bump top_models_by_spend --from HEAD --deprecate 2027-06-30\n",
        run);
}

} // namespace birdhouse::commands
