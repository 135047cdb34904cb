// Cases of two states in one text:
//
//     == column_dropped: an endpoint reads it ==
//     -- before/datasources/orders.datasource --
//     ...
//     -- after/datasources/orders.datasource --
//
// The title begins with the kind of change that must be among those found; `none` when there must be none.
#pragma once

#include "ops/diff.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace birdhouse::testing {

struct StateCase {
    std::string title;
    std::string kind;
    std::vector<std::pair<std::string, std::string>> files; // path and content
};

std::vector<StateCase> read_state_cases(const std::filesystem::path& file);

// The case's difference, its sides called `before` and `after`.
ops::DiffReport diff_of(const StateCase& wanted);

} // namespace birdhouse::testing
