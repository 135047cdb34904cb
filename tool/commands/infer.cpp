#include "ops/infer.hpp"

#include "base/text.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"

#include <filesystem>
#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::vector<std::string> files;
    std::string name;
    std::uint64_t rows = 0;
    void bind(FlagBinder& binder) {
        binder.rest("files", files, "NDJSON files, also gzip or zstd; `-` or none for standard input");
        binder.text("--name", name, "NAME", "of the datasource; the first file's name otherwise");
        binder.number("--rows", rows, "N", "look at the first N events only");
    }
};

// `samples/llm-events.ndjson.gz` is called llm_events.
std::string name_of(const Flags& flags) {
    const bool piped = flags.files.empty() || flags.files.front() == "-";
    std::string name = flags.name;
    if (name.empty() && !piped) {
        name = std::filesystem::path(flags.files.front()).filename().string();
        name = name.substr(0, name.find('.'));
    }
    for (char& c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        c = plain ? c : '_';
    }
    return name.empty() ? "events" : name[0] >= '0' && name[0] <= '9' ? "_" + name : name;
}

ExitCode run(const Flags& flags, ops::Session& session) {
    const auto report = ops::infer_datasource({flags.files, name_of(flags), flags.rows}, session);
    if (!report) {
        return report_failure(report.error(), session);
    }
    session.out << ops::render_definition(*report);
    for (const ops::RefusedInput& input : report->refused_inputs) {
        session.err << "note: " << printable(input.name) << " was passed over: " << input.message << "\n";
    }
    return ExitCode::Fine;
}

} // namespace

Command infer() {
    Command command = make_command<Flags>(
        {"infer"}, "propose a definition from sample events",
        "Reads NDJSON and prints a definition whose columns take what was seen: types as narrow as is safe\n"
        "(numbers get room for a hundred times the largest), Nullable only where a key was null or missing,\n"
        "LowCardinality only where few words were seen often, dates, times and UUIDs recognised, nested "
        "keys\n"
        "and arrays with their JSON paths. Comments say where one key had values of several kinds.\n\n"
        "  birdhouse infer samples/llm_events.ndjson > datasources/llm_events.yaml\n"
        "  tail -n 10000 events.log | birdhouse infer --name visits\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands
