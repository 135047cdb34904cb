// The schema of one datasource in two states of the project, to hold events against both.
#pragma once

#include "base/result.hpp"
#include "events/schema.hpp"
#include "ops/diff.hpp"

#include <optional>
#include <string>

namespace birdhouse::ops {

// A state is a migration of the project (its id, or the number it begins with), a folder, a git revision, or
// the working folder when it is empty.
struct EventStates {
    DiffSide before;
    DiffSide after;
    // Of the schemas; those of the files are in the sides.
    Diagnostics problems_before;
    Diagnostics problems_after;
    // Both are read by the answers that the later state gives to the open questions of ingestion. Nothing
    // when a side has problems.
    std::optional<events::EventSchema> schema_before;
    std::optional<events::EventSchema> schema_after;
};

struct EventStatesRequest {
    std::string datasource;
    std::string from;
    std::string to;
    bool strict = false;
};
Result<EventStates> open_event_states(const EventStatesRequest& request, const Session& session);

} // namespace birdhouse::ops
