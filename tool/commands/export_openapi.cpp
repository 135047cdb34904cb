#include "ops/export_openapi.hpp"

#include "base/files.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/project.hpp"

#include <filesystem>
#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string server = "https://api.tinybird.co";
    std::string output;
    void bind(FlagBinder& binder) {
        binder.text("--server", server, "URL",
                    "where the endpoints are called: the API host of the workspace");
        binder.text("--output", output, "FILE", "where it is written; standard output by default");
    }
};

// What can be read is exported, beside the report of what cannot.
ExitCode run(const Flags& flags, ops::Session& session) {
    const ops::OpenProject open =
        ops::open_project(session.folder, ops::datafile_options(session.environment));
    report_problems(open.problems, open.sources, session);
    const std::string text = ops::export_openapi(open, flags.server);
    if (flags.output.empty()) {
        session.out << text;
    } else if (const Result<Written> written = write_if_changed(flags.output, text); !written) {
        return report_failure(written.error(), session);
    }
    return open.problems.has_errors() ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command export_openapi() {
    return make_command<Flags>(
        {"export", "openapi"}, "the endpoints as an OpenAPI document",
        "Describes every endpoint of the project as OpenAPI 3.0: its address, its parameters with type, "
        "default,\n"
        "choices and whether they are required, those of pipes it reads included, and its answer. The "
        "columns\n"
        "of an answer come from the recorded contract (`birdhouse pipe record`); without one a row may have "
        "any.\n"
        "`birdhouse serve` answers the same at /v0/pipes/openapi.json, for the endpoints that a token may "
        "read.\n\n"
        "  birdhouse export openapi > openapi.json\n"
        "  birdhouse export openapi --server http://localhost:7181 --output build/openapi.json\n",
        run);
}

} // namespace birdhouse::commands
