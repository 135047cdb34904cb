// What a report on events says, as problems with places: for GitHub, SARIF and JUnit.
#pragma once

#include "events/schema.hpp"
#include "ops/problem_report.hpp"
#include "ops/validate.hpp"

#include <string>

namespace birdhouse::ops {

// A problem for each sample of the report, which says how many rows share it; so a report stays short,
// however many rows are wrong.
PlacedReport event_problems(const EventReport& report, const events::EventSchema& schema,
                            const std::string& version);

} // namespace birdhouse::ops
