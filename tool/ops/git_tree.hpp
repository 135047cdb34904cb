// A project's files as a commit holds them, read by git's own program: nothing is checked out.
#pragma once

#include "base/result.hpp"
#include "ops/session.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct TreeFile {
    std::string path; // relative to the project's folder, parts joined by `/`, none of them `.` or `..`
    std::string content;
};

struct GitTree {
    std::string commit; // in full
    std::vector<TreeFile> files;
};

// The files below `folder` at `revision` that a project is read from. `folder` stands in a git repository.
Result<GitTree> read_git_tree(const std::filesystem::path& folder, const std::string& revision,
                              const Environment& environment);

// Is this a file that reading a project looks at?
bool is_project_file(std::string_view path);

// One entry of `git ls-tree -r -z`.
struct TreeEntry {
    std::string mode; // 100644
    std::string type; // blob
    std::string object;
    std::string path;
};

// What git prints, taken apart. Nothing when it is not of the form that git documents.
std::optional<std::vector<TreeEntry>> parse_tree_listing(std::string_view text);
// The contents of `count` objects, from `git cat-file --batch`.
std::optional<std::vector<std::string>> parse_object_batch(std::string_view text, std::size_t count);

} // namespace birdhouse::ops
