// `validate`: what ingestion would do with events, and which rules of the definition they break.
#pragma once

#include "base/result.hpp"
#include "events/reader.hpp"
#include "events/schema.hpp"
#include "events/tally.hpp"
#include "ops/event_input.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"

#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct EventInput {
    std::vector<std::string> files; // `-` or none: standard input
    std::size_t longest_line = events::kLongestLine;
    std::size_t most_samples = 3; // places shown of each problem
    std::size_t threads = 0;      // 0: one for each processor this process may use
};

struct EventReport {
    std::string datasource;
    events::Tally tally;
    std::vector<RefusedInput> refused_inputs;

    // Rows or inputs that ingestion refuses.
    bool refuses() const;
    // That, or rows that break a rule of the definition.
    bool has_problems() const { return refuses() || tally.rule_breaking() != 0; }
};

// The datasource of that name prepared for checking; nothing when its definition has problems, which are
// then in `problems`. An unknown name is an error that names the nearest.
Result<std::optional<events::EventSchema>>
compile_events(const model::Project& project, const std::string& datasource, Diagnostics& problems);

Result<EventReport> validate_events(const events::EventSchema& schema, const EventInput& input,
                                    Session& session);

} // namespace birdhouse::ops
