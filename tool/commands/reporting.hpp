// What commands share when they print: problems, and the project they all start from.
#pragma once

#include "base/date.hpp"
#include "base/diagnostic.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::commands {

// Sorted, with excerpts, then a line that counts them. Nothing when there are none.
void report_problems(const Diagnostics& problems, const SourceMap& sources, ops::Session& session);

// Problems that destroy something are a refusal; others are for the user to mend.
ExitCode exit_code_of(const Diagnostics& problems);

// The session's project with its problems printed; nothing when they include errors (exit 1 then).
std::optional<ops::OpenProject> open_usable_project(ops::Session& session);

// `--today`: the date that was given, else the clock's.
Result<Date> read_today(const std::string& given, const ops::Session& session);
// The date of a flag.
Result<Date> read_date(std::string_view flag, const std::string& given);

} // namespace birdhouse::commands
