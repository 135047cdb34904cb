// What `POST /v1/deploy` of Tinybird Forward makes of a change: which resources it alters, which it writes
// again and by which FORWARD_QUERY, what it asks a flag for. From the documents of the service; only its own
// check (`check=true`) has the last word.
#pragma once

#include "target/resource_plan.hpp"

namespace birdhouse::target {

ResourcePlan forward_plan(const PlanInput& input);

} // namespace birdhouse::target
