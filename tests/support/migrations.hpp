// Migrations of a test's own project: written under the names that they give themselves, and recorded.
#pragma once

#include "support/golden.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::testing {

// Writes birdhouse.sum for the migrations that stand in the folder.
void record_migrations(const TemporaryFolder& folder);

// Each text begins with `migration: NAME`. They are recorded with those that stand there already.
void write_migrations(const TemporaryFolder& folder, const std::vector<std::string>& texts);

// The same, in a project `shop` that has nothing else.
void write_project(const TemporaryFolder& folder, const std::vector<std::string>& migrations);

bool holds(std::string_view text, std::string_view part);

} // namespace birdhouse::testing
