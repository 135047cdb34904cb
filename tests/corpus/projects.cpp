#include "projects.hpp"

#include "codec/datafile_project.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace birdhouse::corpus {

namespace fs = std::filesystem;

namespace {

constexpr auto kFoldersByHabit = std::to_array<std::string_view>(
    {"connections", "copies", "datasources", "endpoints", "fixtures", "includes", "materializations", "pipes",
     "playgrounds", "sinks", "tests"});
constexpr auto kSigns = std::to_array<std::string_view>({".tinyenv", "tinybird.config.json"});

bool is_by_habit(const fs::path& name) {
    return std::ranges::find(kFoldersByHabit, name.string()) != kFoldersByHabit.end();
}

fs::path above_habits(fs::path folder) {
    while (folder.has_filename() && is_by_habit(folder.filename())) {
        folder = folder.parent_path();
    }
    return folder;
}

std::vector<fs::path> list_datafiles_below(const fs::path& folder) {
    std::vector<fs::path> found;
    for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator();
         ++entry) {
        if (entry->is_directory() && (entry->path().filename() == ".git" || entry->is_symlink())) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file() && codec::datafile_kind(entry->path())) {
            found.push_back(entry->path());
        }
    }
    std::ranges::sort(found);
    return found;
}

// `top@0a1685b6.pipe` is `top.pipe` as a commit had it.
fs::path name_without_version(const fs::path& path) {
    const std::string name = path.filename().string();
    const std::size_t at = name.find('@');
    const std::size_t dot = name.rfind('.');
    return at == std::string::npos || at == 0 || dot < at ? name : name.substr(0, at) + name.substr(dot);
}

std::map<fs::path, std::vector<fs::path>> group_by_root(const std::vector<fs::path>& files) {
    std::map<fs::path, std::vector<fs::path>> groups;
    for (const fs::path& file : files) {
        groups[above_habits(file.parent_path())].push_back(file);
    }
    // From the innermost outwards: a folder of any name inside of a project is a part of it.
    for (auto group = groups.rbegin(); group != groups.rend();) {
        const fs::path outer = above_habits(group->first.parent_path());
        const std::string name = group->first.filename().string();
        const bool apart = name.starts_with('.') || group->first.parent_path().filename() == "vendor";
        const bool loose = !apart && !is_by_habit(group->second.front().parent_path().filename());
        const auto round = groups.find(outer);
        if (loose && round != groups.end() && round->first != group->first) {
            round->second.insert(round->second.end(), group->second.begin(), group->second.end());
            group = std::make_reverse_iterator(groups.erase(std::next(group).base()));
        } else {
            ++group;
        }
    }
    return groups;
}

// What may stand once in a project: a place, and of files from a history, which never stood beside all others
// there, a resource's name.
std::vector<std::string> claims_of(const fs::path& file, const std::string& place) {
    std::vector<std::string> claims = {place};
    const bool resource = file.extension() == ".datasource" || file.extension() == ".pipe";
    if (resource && file.filename().string().find('@') != std::string::npos) {
        claims.push_back("resource " + fs::path(place).stem().string());
    }
    return claims;
}

std::vector<ProjectFile> signs_in(const fs::path& root) {
    std::vector<ProjectFile> signs;
    for (const std::string_view name : kSigns) {
        if (fs::is_regular_file(root / name)) {
            signs.push_back({root / name, std::string(name)});
        }
    }
    return signs;
}

} // namespace

std::vector<CorpusProject> find_projects(const fs::path& folder) {
    std::vector<CorpusProject> projects;
    for (auto& [root, files] : group_by_root(list_datafiles_below(folder))) {
        std::vector<CorpusProject> versions;
        std::vector<std::set<std::string>> taken;
        std::ranges::sort(files);
        for (const fs::path& file : files) {
            const fs::path place = file.parent_path().lexically_relative(root) / name_without_version(file);
            const std::string name = place.lexically_normal().generic_string();
            const std::vector<std::string> claims = claims_of(file, name);
            const auto is_free = [&](const std::set<std::string>& in) {
                return std::ranges::none_of(claims,
                                            [&](const std::string& claim) { return in.contains(claim); });
            };
            const auto version =
                static_cast<std::size_t>(std::ranges::find_if(taken, is_free) - taken.begin());
            if (version == versions.size()) {
                versions.push_back({root, {}, signs_in(root), false});
                taken.emplace_back();
            }
            versions[version].files.push_back({file, name});
            versions[version].of_history |= file.filename() != fs::path(name).filename();
            taken[version].insert(claims.begin(), claims.end());
        }
        std::ranges::move(versions, std::back_inserter(projects));
    }
    return projects;
}

} // namespace birdhouse::corpus
