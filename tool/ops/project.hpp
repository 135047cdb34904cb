// The project on disk, read: what nearly every op starts from.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "base/source.hpp"
#include "codec/datafile_project.hpp"
#include "model/contract.hpp"
#include "model/migration.hpp"
#include "model/project.hpp"
#include "ops/session.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct OpenProject {
    SourceMap sources; // what the spans in `project` and `problems` point into
    model::Project project;
    std::vector<model::Migration> migrations;     // by id
    std::vector<model::Contract> contracts;       // of endpoints, as recorded; by name and version
    codec::DialectSign sign;                      // by which rules its datafiles were read, and why
    std::vector<codec::DatafileSource> datafiles; // by path
    Diagnostics problems;                         // of the definitions; printed by the command, last

    bool usable() const { return !problems.has_errors(); }
};

// `folder` holds birdhouse.yaml, or nothing but datafiles. Problems inside the files are collected; `project`
// holds what could be read.
OpenProject open_project(const std::filesystem::path& folder, const codec::DatafileOptions& options = {});

// How datafiles are read here: fragments' paths may name variables of the environment. `generation` is
// "forward", "classic", or empty to find it out.
codec::DatafileOptions datafile_options(const Environment& environment, const std::string& generation = {});

bool holds_project(const std::filesystem::path& folder);
// The nearest folder from `from` upwards that holds a project: birdhouse.yaml, or what the service's tools
// leave in the root of a project of datafiles, or `from` itself when datafiles lie in or below it.
std::optional<std::filesystem::path> find_project(const std::filesystem::path& from);

// The target of that name, or the default one when `name` is empty; its database is the project's name
// unless it has one of its own. The error names the nearest.
Result<model::TargetSettings> choose_target(const model::Config& config, const std::string& name);

} // namespace birdhouse::ops
