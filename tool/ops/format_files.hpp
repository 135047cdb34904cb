// The datafiles that a command line means.
#pragma once

#include "base/result.hpp"
#include "syntax/directives.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct FoundDatafile {
    std::filesystem::path path;
    std::string shown; // as the user would write it from where they stand
    syntax::DatafileKind kind = syntax::DatafileKind::Datasource;
    bool named = false; // by the user, not found in a folder
};

// Files as they are named, folders with all below them except hidden folders, `build`, `node_modules` and
// `vendor`. Without paths: the folders of `project` that hold datafiles. Each file once, sorted by what is
// shown. A path that is not there is an Error.
Result<std::vector<FoundDatafile>> find_datafiles(const std::vector<std::string>& paths,
                                                  const std::filesystem::path& project);

} // namespace birdhouse::ops
