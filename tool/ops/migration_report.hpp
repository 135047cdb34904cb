// Reports of the `migrate` verbs as text for people and JSON for programs.
#pragma once

#include "ops/migrate.hpp"

#include <string>

namespace birdhouse::ops {

std::string render_text(const StatusReport& report);
std::string render_json(const StatusReport& report);

std::string render_text(const BaselineReport& report, bool dry_run);

// Each statement exactly as it will be sent.
std::string render_text(const PlanReport& report);
std::string render_json(const PlanReport& report);
// For the comment on a pull request.
std::string render_markdown(const PlanReport& report);

std::string render_text(const RollbackReport& report, bool dry_run);
std::string render_text(const VerifyReport& report);

} // namespace birdhouse::ops
