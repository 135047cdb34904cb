// Definitions to datafiles. Everything is rendered and proven before the first file is touched; files that
// are not ours are never written over and never removed.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "model/project.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct RenderedFile {
    std::string path; // in the output folder: `datasources/llm_events.datasource`
    std::string text; // begins with codec::kGeneratedMark
};

// The datafiles of all definitions, each read back and found to say what its definition says. Those of
// definitions with problems are missing. `folder` is the project's. Fails only when a template cannot be
// read.
Result<std::vector<RenderedFile>> render_datafiles(const model::Project& project,
                                                   const std::filesystem::path& folder, SourceMap& sources,
                                                   Diagnostics& diagnostics);

enum class GenerateMode { Write, Check };

enum class FileChange { Created, Changed, Unchanged, Removed };

struct GeneratedFile {
    std::string path;
    FileChange change = FileChange::Unchanged;
    std::string difference; // unified, in Check mode
};

struct GenerateReport {
    GenerateMode mode = GenerateMode::Write;
    std::string output;                 // the folder, as it was asked for
    std::vector<GeneratedFile> files;   // by path
    std::vector<std::string> strangers; // datafiles in the folder that birdhouse did not write
    bool refused = false;               // the definitions have errors: nothing was written

    std::size_t count(FileChange change) const;
    // In Check mode: does the folder differ from what the definitions say?
    bool out_of_date() const { return count(FileChange::Unchanged) != files.size(); }
};

// `output` is an absolute path or one below `folder`. In Check mode nothing is touched.
Result<GenerateReport> generate(const model::Project& project, const std::filesystem::path& folder,
                                const std::string& output, SourceMap& sources, Diagnostics& diagnostics,
                                GenerateMode mode);

std::string render_text(const GenerateReport& report);
std::string render_json(const GenerateReport& report);

} // namespace birdhouse::ops
