#include "ops/doctor.hpp"

#include "commands/list.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string format = "text";
    void bind(FlagBinder& binder) {
        binder.choice("--format", format, {"text", "json"}, "how the findings are printed");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const ops::DoctorReport report = ops::examine(session);
    session.out << (flags.format == "json" ? ops::render_json(report) : ops::render_text(report));
    return report.engine.works() ? ExitCode::Fine : ExitCode::Failed;
}

} // namespace

Command doctor() {
    Command command = make_command<Flags>({"doctor"}, "what works here: engine, project, targets",
                                          "Loads the engine and tells its version, reads the project if "
                                          "there is one, and looks at the storage of\n"
                                          "its targets. Changes nothing. Leaves with 0 when the engine works "
                                          "and with 3 when it does not; commands\n"
                                          "that only read and write files work all the same.",
                                          run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands
