// birdhouse pipe list
#include "ops/pipe_list.hpp"

#include "commands/list.hpp"
#include "commands/reporting.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string today;
    std::string format = "text";
    void bind(FlagBinder& binder) {
        binder.text("--today", today, "DATE", "the date that counts as today; the clock's by default");
        binder.choice("--format", format, {"text", "json"}, "how the list is printed");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    const Result<Date> today = read_today(flags.today, session);
    if (!today) {
        return report_failure(today.error(), session);
    }
    const std::vector<ops::ListedPipe> pipes = ops::list_pipes(*open);
    session.out << (flags.format == "json" ? render_json(pipes, *today) : render_text(pipes, *today));
    return ExitCode::Fine;
}

} // namespace

Command pipe_list() {
    return make_command<Flags>(
        {"pipe", "list"}, "pipes with their versions, contracts, dates and readers",
        "One line a pipe, under the name it is published as. What its contract is, as far as the text tells\n"
        "(the engine is not asked, so that types are not looked at):\n\n"
        "  none      nothing is promised: `birdhouse pipe record`\n"
        "  kept      the endpoint gives what was promised\n"
        "  differs   it gives more: `birdhouse pipe record` promises that too\n"
        "  broken    `birdhouse check` says where\n"
        "  gone      there is a contract, and no such endpoint\n"
        "  -         no endpoint\n\n"
        "and from which day on a version may be gone, and which pipes of the project read it.\n\n"
        "  birdhouse pipe list\n"
        "  birdhouse pipe list --format json --today 2027-06-30\n",
        run);
}

} // namespace birdhouse::commands
