#include "ops/serve.hpp"

#include "commands/list.hpp"
#include "ops/project.hpp"

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string host = "127.0.0.1";
    std::uint64_t port = 7181;
    std::string storage;
    bool watch = false;
    bool empty = false;
    bool classic = false;
    void bind(FlagBinder& binder) {
        binder.text("--host", host, "ADDRESS", "the address to listen on; this machine alone by default");
        binder.number("--port", port, "N", "the port; 7181, as Tinybird Local; 0 for any that is free");
        binder.text("--storage", storage, "DIR", "the folder that keeps the rows; in memory by default");
        binder.flag("--watch", watch, "build the workspace again when a file of the project changes");
        binder.flag("--classic", classic,
                    "serve Classic workspaces: resources change one at a time, not by deployments");
        binder.flag("--empty", empty, "begin with an empty workspace instead of the project");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    constexpr std::uint64_t kLastPort = 65'535;
    if (flags.port > kLastPort) {
        return report_failure({ExitCode::Usage, "a port is at most 65535", ""}, session);
    }
    ops::ServeRequest request;
    request.host = flags.host;
    request.port = static_cast<std::uint16_t>(flags.port);
    request.watch = flags.watch;
    request.has_project = !flags.empty && ops::holds_project(session.folder);
    request.storage = flags.storage;
    request.classic = flags.classic;
    const Result<void> served = ops::serve(request, session);
    return served ? ExitCode::Fine : report_failure(served.error(), session);
}

} // namespace

Command serve() {
    Command command = make_command<Flags>(
        {"serve"}, "a Tinybird-compatible server on this machine",
        "Serves the Events, Query, Pipes, Data Sources and deployment APIs over the embedded engine: no "
        "account,\n"
        "no Docker. The project is the default workspace; Tinybird's own clients, pointed at it, make "
        "others.\n"
        "Every request needs a token; GET /tokens tells those of the server to programs on this machine. "
        "SQL\n"
        "from outside only reads, and reads its workspace alone. docs/serve.md lists every route.\n"
        "Rows and workspaces end with the process unless --storage names a folder that keeps them.\n\n"
        "  birdhouse serve\n"
        "  birdhouse serve --watch --storage .birdhouse/serve\n"
        "  curl localhost:7181/tokens\n"
        "  curl -H \"Authorization: Bearer $TOKEN\" -d '{\"id\": \"a\"}' "
        "'localhost:7181/v0/events?name=llm_events&wait=true'\n"
        "  curl -H \"Authorization: Bearer $TOKEN\" "
        "'localhost:7181/v0/pipes/top_models_by_spend.json?limit=5'\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands
