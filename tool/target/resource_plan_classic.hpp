// What Tinybird Classic makes of a change: the parameters of `alter`, or, where it would keep what it has and
// report success, the new datasource, sync, copy and exchange that do it. From the documents of the service.
#pragma once

#include "target/resource_plan.hpp"

namespace birdhouse::target {

ResourcePlan classic_plan(const PlanInput& input);

} // namespace birdhouse::target
