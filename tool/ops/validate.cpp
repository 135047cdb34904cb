#include "ops/validate.hpp"

#include "base/text.hpp"
#include "events/line_blocks.hpp"
#include "ops/validate_blocks.hpp"

#include <algorithm>

#include <sched.h>

namespace birdhouse::ops {

namespace {

// Those that `taskset` and containers leave, which the standard library does not ask for.
std::size_t usable_processors() {
    cpu_set_t usable;
    CPU_ZERO(&usable);
    const bool known = sched_getaffinity(0, sizeof usable, &usable) == 0;
    return known ? static_cast<std::size_t>(std::max(CPU_COUNT(&usable), 1)) : 1;
}

} // namespace

bool EventReport::refuses() const {
    return tally.quarantined() != 0 || tally.not_events() != 0 || !refused_inputs.empty();
}

Result<std::optional<events::EventSchema>>
compile_events(const model::Project& project, const std::string& datasource, Diagnostics& problems) {
    if (const model::Datasource* found = model::find_datasource(project, datasource)) {
        return events::EventSchema::compile(*found, project.config.ingestion, project.config.privacy,
                                            problems);
    }
    std::vector<std::string_view> names;
    for (const model::Datasource& known : project.datasources) {
        names.push_back(known.name);
    }
    const std::optional<std::string> near = nearest(datasource, names);
    return Error{ExitCode::Usage, "no datasource is called " + backquoted(datasource),
                 near ? "did you mean " + backquoted(*near) + "?" : "the files in datasources/ declare them"};
}

Result<EventReport> validate_events(const events::EventSchema& schema, const EventInput& input,
                                    Session& session) {
    EventReport report{schema.datasource(), events::Tally(input.most_samples), {}};
    const std::size_t threads = input.threads == 0 ? usable_processors() : input.threads;
    const auto check = [&](std::string_view name, std::istream& stream) -> Result<void> {
        events::LineBlocks blocks(stream, input.longest_line);
        if (std::optional<events::InputFault> fault = blocks.fault()) {
            report.refused_inputs.push_back(
                {std::string(name), std::move(fault->message), std::move(fault->help)});
            return {};
        }
        check_blocks(schema, blocks, {name, input.longest_line, threads}, report.tally);
        return blocks.failure().empty() ? Result<void>()
                                        : broke_off(name, blocks.bytes_read(), blocks.failure());
    };
    TRY(read_inputs(input.files, session.in, check));
    return report;
}

} // namespace birdhouse::ops
