#include "ops/git_revision.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <optional>

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestRef = std::size_t{4} << 20U; // packed-refs of a large repository

std::string first_line(const fs::path& path) {
    const Result<std::string> text = read_file(path, kLargestRef);
    return text ? std::string(trim(split(*text, '\n').front())) : std::string();
}

std::optional<fs::path> git_folder(const fs::path& from) {
    std::error_code ignored; // an unreadable folder is no repository for this purpose
    for (fs::path folder = fs::absolute(from, ignored);; folder = folder.parent_path()) {
        const fs::path git = folder / ".git";
        if (fs::is_directory(git, ignored)) {
            return git;
        }
        if (fs::is_regular_file(git, ignored)) { // a worktree: "gitdir: PATH"
            const std::string line = first_line(git);
            return line.starts_with("gitdir: ") ? std::optional(folder / line.substr(8)) : std::nullopt;
        }
        if (folder == folder.parent_path()) {
            return std::nullopt;
        }
    }
}

std::string packed(const fs::path& git, const std::string& reference) {
    const Result<std::string> text = read_file(git / "packed-refs", kLargestRef);
    if (!text) {
        return "";
    }
    for (const std::string_view line : split(*text, '\n')) {
        if (line.ends_with(" " + reference)) {
            return std::string(line.substr(0, line.find(' ')));
        }
    }
    return "";
}

} // namespace

std::string git_revision(const fs::path& folder) {
    const std::optional<fs::path> git = git_folder(folder);
    if (!git) {
        return "";
    }
    std::string head = first_line(*git / "HEAD");
    if (!head.starts_with("ref: ")) {
        return head;
    }
    const std::string reference = head.substr(5);
    const std::string common = first_line(*git / "commondir"); // where a worktree's branches stand
    const fs::path shared = common.empty() ? *git : *git / common;
    const std::string loose = first_line(shared / reference);
    return loose.empty() ? packed(shared, reference) : loose;
}

} // namespace birdhouse::ops
