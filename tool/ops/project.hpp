// The project on disk, read: what nearly every op starts from.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "base/source.hpp"
#include "model/migration.hpp"
#include "model/project.hpp"

#include <filesystem>
#include <vector>

namespace birdhouse::ops {

struct OpenProject {
    SourceMap sources; // what the spans in `project` and `problems` point into
    model::Project project;
    std::vector<model::Migration> migrations; // by id
    Diagnostics problems;                     // of the definitions; printed by the command, last

    bool usable() const { return !problems.has_errors(); }
};

// `folder` holds birdhouse.yaml. Problems inside the files are collected; `project` holds what could be read.
OpenProject open_project(const std::filesystem::path& folder);

// The target of that name, or the default one when `name` is empty; its database is the project's name
// unless it has one of its own. The error names the nearest.
Result<model::TargetSettings> choose_target(const model::Config& config, const std::string& name);

} // namespace birdhouse::ops
