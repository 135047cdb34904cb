// Datafiles into their canonical form: which files, what changes, and the writing of it. All files are laid
// out and proven to say what they said before the first one is touched.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/datafile_formatter.hpp"
#include "ops/session.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace birdhouse::ops {

enum class FormatMode { Write, Check };

struct FormatRequest {
    std::vector<std::string> paths; // files and folders; none: the session's folder
    codec::FormatStyle style = codec::FormatStyle::Quoted;
    FormatMode mode = FormatMode::Write;
    bool sql = false; // the SQL of nodes goes through the engine
};

struct FormattedFile {
    std::string path; // as it is shown
    std::string before;
    std::string after;

    bool changed() const { return before != after; }
};

struct FormatReport {
    FormatMode mode = FormatMode::Write;
    std::vector<FormattedFile> files;   // by path; those with errors are missing
    std::size_t left_alone = 0;         // files with errors
    std::vector<std::string> generated; // named, and passed over: `generate` writes them
    std::vector<std::string> notices;

    std::size_t changed() const;
};

// In Check mode nothing is touched. Errors inside of files are in `diagnostics`.
Result<FormatReport> format_files(const FormatRequest& request, Session& session, SourceMap& sources,
                                  Diagnostics& diagnostics);
// One text that is no file, such as the standard input. `name` is what it is called in problems.
Result<FormatReport> format_text(const FormatRequest& request, syntax::DatafileKind kind, std::string name,
                                 std::string text, Session& session, SourceMap& sources,
                                 Diagnostics& diagnostics);

enum class ShowDifferences { No, Yes };
std::string render_text(const FormatReport& report, ShowDifferences differences);

} // namespace birdhouse::ops
