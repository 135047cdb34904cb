// The job that fills a new materialization of a Classic workspace with the rows its sources have. It is begun
// by the request that writes the pipe, so there is no moment in which one is there without the other.
#pragma once

#include "base/result.hpp"
#include "target/classic_plan.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace birdhouse::target {

// Tinybird's own, for a materialization that is there.
std::string populate_command(const ClassicPopulation& population);

// Waits for the job that `answer`, to the request that wrote the pipe, tells of: a sentence once it is done.
// A job that fails, or cannot be waited for, is an Error (ExitCode::Partial): the pipe is there.
Result<std::string> await_population(TinybirdApi& api, const ClassicPopulation& population,
                                     const nlohmann::json& answer, const WorkspaceListener& listener);

} // namespace birdhouse::target
