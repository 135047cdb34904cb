// Every problem of a project: of reading it, of the static rules, and of the engine when there is one.
#pragma once

#include "base/date.hpp"
#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/project.hpp"
#include "target/target.hpp"

#include <optional>
#include <string>

namespace birdhouse::ops {

struct CheckReport {
    Diagnostics problems;                // those that no comment ignores, and what is wrong with the comments
    std::optional<Error> engine_failure; // why the engine's part is missing although it was asked for
};

// With `engine` null the engine's part is left out. `today` is for versions that may go from a date on.
CheckReport check_project(const OpenProject& open, target::TargetOpener* engine, Date today);

// Codes that `check` may report; the others belong to other commands.
bool is_checked(const Code& code, bool with_engine);
// Those codes with severity and title, one a line.
std::string render_rules();
std::string render_rules_json();

} // namespace birdhouse::ops
