// The datafiles that a project is, or that its definitions make: what is sent to a workspace.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/project.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct ProjectDatafile {
    std::string path; // `datasources/llm_events.datasource`
    std::string text;
};

// By path. Those of definitions with problems are missing.
Result<std::vector<ProjectDatafile>> datafiles_of(OpenProject& open, const std::filesystem::path& folder,
                                                  Diagnostics& problems);

} // namespace birdhouse::ops
