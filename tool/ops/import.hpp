// A project of datafiles to a project of definitions, with a baseline migration. What a definition cannot say
// stays a datafile beside the definitions: nothing is lost, and generating gives back equal models.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/column_runs.hpp"
#include "ops/project.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct ImportOptions {
    std::string name;    // of the new project; empty: as the old folder is called
    bool groups = false; // write the proposed column groups
};

struct ImportedFile {
    std::string path; // in the new project
    std::string text;
};

// A datafile that stays one: "`a-b` is no name of a definition".
struct KeptDatafile {
    std::string path; // in the old project
    std::string reason;
};

struct ImportPlan {
    std::vector<ImportedFile> files; // by path
    std::vector<KeptDatafile> kept;
    std::vector<codec::ProposedGroup> groups; // written when asked for, else only proposed
    std::vector<std::string> left_out;        // of the baseline migration: one sentence each
    std::size_t datasources = 0;              // as definitions, as the next two
    std::size_t pipes = 0;
    std::size_t connections = 0;
    std::size_t comments = 0; // lines that came along
    bool groups_written = false;
};

// Pure: `open` is the old project, read without birdhouse.yaml.
ImportPlan plan_import(const OpenProject& open, const ImportOptions& options);

// Writes the plan's files below `folder`. Refuses, before anything is written, when the folder holds a
// project already or a file of these names with another text.
Result<void> write_import(const ImportPlan& plan, const std::filesystem::path& folder);

// The resources whose models differ between the two; empty when all are equal.
std::vector<std::string> compare_models(const model::Project& before, const model::Project& after);

// The files of a first small project, for `init` without `--from`.
std::vector<ImportedFile> starter_project(const std::string& name);

std::string render_text(const ImportPlan& plan, const OpenProject& open, const std::string& folder);

} // namespace birdhouse::ops
