#include "ops/validate.hpp"

#include "base/text.hpp"
#include "events/checker.hpp"

#include <ostream>

namespace birdhouse::ops {

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
    events::EventChecker checker(schema);
    const auto take = [&](std::string_view name, const events::EventLine& line) -> Result<void> {
        if (line.too_long) {
            report.tally.add_too_long({name, line.number}, input.longest_line);
        } else {
            report.tally.add(schema, line.text, {name, line.number}, checker.check(line.text));
        }
        return {};
    };
    TRY_ASSIGN(report.refused_inputs, read_events(input.files, session.in, input.longest_line, take));
    return report;
}

} // namespace birdhouse::ops
