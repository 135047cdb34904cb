// Definitions: YAML files to model values, and migrations back to YAML. Readers report what is wrong and
// return what they could read; nothing here looks at more than the text it is given, except `load_project`.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "codec/column_groups.hpp"
#include "codec/datafile_project.hpp"
#include "model/migration.hpp"
#include "model/project.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::codec {

struct LoadedProject {
    model::Project project;
    std::vector<model::Migration> migrations; // by id
    DialectSign sign;                         // of the datafiles among its files
    std::vector<DatafileSource> datafiles;    // by path
};

// Reads birdhouse.yaml, datasources/**/*.yaml (column groups from datasources/groups/), pipes/**/*.yaml,
// connections/**/*.yaml and migrations/*.yaml, and the datafiles that stand in the usual folders beside them.
// Without birdhouse.yaml the datafiles of the folder are the project, which is called after the folder.
// Paths in `sources` are relative to `folder`. Nothing when the folder holds neither.
std::optional<LoadedProject> load_project(const std::filesystem::path& folder, const DatafileOptions& options,
                                          SourceMap& sources, Diagnostics& problems);

std::optional<model::Config> read_config(SourceId source, const SourceMap& sources, Diagnostics& problems);
// One value, or one for each combination of a `for_each:`.
std::vector<model::Datasource> read_datasource_definition(SourceId source, const SourceMap& sources,
                                                          const ColumnGroups& groups, Diagnostics& problems);
std::vector<model::Pipe> read_pipe_definition(SourceId source, const SourceMap& sources,
                                              Diagnostics& problems);
std::optional<model::Connection> read_connection_definition(SourceId source, const SourceMap& sources,
                                                            Diagnostics& problems);
// The configuration of a project that has none.
model::Config default_config(std::string name);
// The source's path ends in the migration's file name, which is its id.
std::optional<model::Migration> read_migration(SourceId source, const SourceMap& sources,
                                               Diagnostics& problems);

// YAML text; reading it back gives the same migration. `comments`: a line above each step, in their order.
std::string write_migration(const model::Migration& migration, std::span<const std::string> comments = {});

} // namespace birdhouse::codec
