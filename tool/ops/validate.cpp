#include "ops/validate.hpp"

#include "base/text.hpp"
#include "events/line_blocks.hpp"
#include "ops/reading_progress.hpp"
#include "ops/validate_blocks.hpp"

#include <algorithm>
#include <cmath>

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

bool EventReport::has_more_problems_than(double share) const {
    const auto rows = static_cast<double>(tally.rows());
    return !refused_inputs.empty() || static_cast<double>(tally.with_problems()) > share * rows;
}

RefusalRate refusal_rate(const events::Tally& tally) {
    if (tally.rows() == 0) {
        return {0, 0, 1};
    }
    constexpr double kCertainty = 1.959964; // standard deviations: 95 %
    const auto rows = static_cast<double>(tally.rows());
    const double rate = static_cast<double>(tally.refused()) / rows;
    const double square = kCertainty * kCertainty / rows;
    const double middle = rate + square / 2;
    const double spread = kCertainty * std::sqrt((rate * (1 - rate) + square / 4) / rows);
    return {rate, std::max(0.0, (middle - spread) / (1 + square)),
            std::min(1.0, (middle + spread) / (1 + square))};
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
    EventReport report{schema.datasource(),
                       events::Tally(input.most_samples, input.gathers),
                       {},
                       {},
                       input.one_row_in,
                       false};
    const std::size_t threads = input.threads == 0 ? usable_processors() : input.threads;
    ReadingProgress progress(total_size(input.files), session);
    const auto check = [&](std::string_view name, std::istream& stream) -> Result<void> {
        report.inputs.emplace_back(name);
        if (report.stopped) {
            return {};
        }
        events::LineBlocks blocks(stream, input.longest_line);
        if (std::optional<events::InputFault> fault = blocks.fault()) {
            report.refused_inputs.push_back(
                {std::string(name), std::move(fault->message), std::move(fault->help)});
            return {};
        }
        const auto show = [&](InputProgress at) { progress.show(at.bytes, at.packed_bytes); };
        check_blocks(schema, blocks,
                     {name, input.longest_line, threads, input.one_row_in, input.most_problems,
                      session.progress ? show : std::function<void(InputProgress)>()},
                     report.tally);
        progress.end_input();
        report.stopped = input.most_problems != 0 && report.tally.with_problems() >= input.most_problems;
        return blocks.failure().empty() ? Result<void>()
                                        : broke_off(name, blocks.bytes_read(), blocks.failure());
    };
    TRY(read_inputs(input.files, session.in, check));
    return report;
}

} // namespace birdhouse::ops
