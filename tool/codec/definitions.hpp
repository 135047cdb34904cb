// Definitions: YAML files to model values, and migrations back to YAML. Readers report what is wrong and
// return what they could read; nothing here looks at more than the text it is given, except `load_project`.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "codec/column_groups.hpp"
#include "model/migration.hpp"
#include "model/project.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::codec {

struct LoadedProject {
    model::Project project;
    std::vector<model::Migration> migrations; // by id
};

// Reads birdhouse.yaml, datasources/**/*.yaml (column groups from datasources/groups/), pipes/**/*.yaml and
// migrations/*.yaml. Paths in `sources` are relative to `folder`. Nothing when there is no birdhouse.yaml.
std::optional<LoadedProject> load_project(const std::filesystem::path& folder, SourceMap& sources,
                                          Diagnostics& problems);

std::optional<model::Config> read_config(SourceId source, const SourceMap& sources, Diagnostics& problems);
// One value, or one for each combination of a `for_each:`.
std::vector<model::Datasource> read_datasource_definition(SourceId source, const SourceMap& sources,
                                                          const ColumnGroups& groups, Diagnostics& problems);
std::vector<model::Pipe> read_pipe_definition(SourceId source, const SourceMap& sources,
                                              Diagnostics& problems);
// The source's path ends in the migration's file name, which is its id.
std::optional<model::Migration> read_migration(SourceId source, const SourceMap& sources,
                                               Diagnostics& problems);

// YAML text; reading it back gives the same migration.
std::string write_migration(const model::Migration& migration);

} // namespace birdhouse::codec
