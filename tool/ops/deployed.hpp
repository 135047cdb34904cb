// A project as a target has it: the definitions may be ahead of the migrations that were applied there.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"
#include "target/target.hpp"

#include <string>
#include <vector>

namespace birdhouse::ops {

// Takes the columns that the target's table does not have yet out of the datasource, and gives their names:
// what a table cannot store, ingestion does not see. A table that is missing altogether is a failure.
Result<std::vector<std::string>> restrict_to_deployed(model::Project& project, const std::string& datasource,
                                                      target::SqlTarget& target);

} // namespace birdhouse::ops
