#include "ops/format_files.hpp"

#include "base/text.hpp"
#include "codec/datafile_project.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace birdhouse::ops {

namespace fs = std::filesystem;

using syntax::DatafileKind;

namespace {

constexpr int kDeepest = 16; // folders below the one that was named

bool is_passed_over(const fs::path& folder) {
    const std::string name = folder.filename().string();
    return name.starts_with('.') || name == "build" || name == "node_modules" || name == "vendor";
}

Error cannot_list(const fs::path& folder, const std::error_code& failure) {
    return {ExitCode::Failed, "cannot list " + backquoted(folder.generic_string()) + ": " + failure.message(),
            "check the permissions of the folder"};
}

class Finder {
public:
    Result<void> add(const fs::path& path) {
        std::error_code failure;
        const fs::file_status status = fs::status(path, failure);
        if (fs::is_directory(status)) {
            return add_folder(path);
        }
        if (!fs::exists(status)) {
            return Error{ExitCode::Usage,
                         "cannot read " + backquoted(path.generic_string()) + ": " +
                             (failure ? failure.message() : "No such file or directory"),
                         "name a datafile, or a folder of them"};
        }
        const auto kind = codec::datafile_kind(path);
        if (!kind) {
            return Error{
                ExitCode::Usage, backquoted(path.generic_string()) + " is not a datafile",
                "datafiles end in .datasource, .pipe, .connection or .incl; `-` with --kind reads the "
                "standard input"};
        }
        add_file(path, *kind, true);
        return {};
    }

    std::vector<FoundDatafile> take() {
        std::ranges::sort(found_, {}, &FoundDatafile::shown);
        return std::move(found_);
    }

private:
    Result<void> add_folder(const fs::path& folder) {
        std::error_code failure;
        fs::recursive_directory_iterator entry(folder, failure);
        if (failure) {
            return cannot_list(folder, failure);
        }
        while (entry != fs::recursive_directory_iterator()) {
            std::error_code ignored; // an entry that cannot be looked at is no datafile
            if (entry->is_directory(ignored)) {
                if (is_passed_over(entry->path()) || entry.depth() >= kDeepest) {
                    entry.disable_recursion_pending();
                }
            } else if (const auto kind = codec::datafile_kind(entry->path());
                       kind && !entry->path().filename().string().starts_with('.') &&
                       entry->is_regular_file(ignored)) {
                add_file(entry->path(), *kind, false);
            }
            entry.increment(failure);
            if (failure) {
                return cannot_list(folder, failure);
            }
        }
        return {};
    }

    // Through links to the file itself: a link stays one when its file is written anew.
    void add_file(const fs::path& path, DatafileKind kind, bool named) {
        std::error_code failure;
        fs::path real = fs::canonical(path, failure);
        if (failure) {
            real = path;
        }
        if (seen_.insert(real).second) {
            found_.push_back({std::move(real), path.lexically_normal().generic_string(), kind, named});
        }
    }

    std::vector<FoundDatafile> found_;
    std::set<fs::path> seen_;
};

// The folder as seen from where the user stands.
fs::path shown_folder(const fs::path& folder) {
    std::error_code failure;
    const fs::path near = fs::proximate(folder, failure);
    return failure || near.empty() ? folder : near;
}

// Beside definitions datafiles have their places; a project without any may keep them anywhere.
std::vector<fs::path> project_folders(const fs::path& project) {
    const fs::path shown = shown_folder(project);
    std::error_code ignored; // what cannot be looked at holds no project
    if (!fs::exists(project / "birdhouse.yaml", ignored)) {
        return {shown};
    }
    std::vector<std::string_view> names(codec::kDatafileFolders.begin(), codec::kDatafileFolders.end());
    names.push_back("includes");
    std::vector<fs::path> folders;
    for (const std::string_view below : names) {
        if (fs::is_directory(project / below, ignored)) {
            folders.push_back(shown / below);
        }
    }
    return folders;
}

} // namespace

Result<std::vector<FoundDatafile>> find_datafiles(const std::vector<std::string>& paths,
                                                  const fs::path& project) {
    std::vector<fs::path> wanted(paths.begin(), paths.end());
    if (wanted.empty()) {
        wanted = project_folders(project);
    }
    Finder finder;
    for (const fs::path& path : wanted) {
        TRY(finder.add(path));
    }
    return finder.take();
}

} // namespace birdhouse::ops
