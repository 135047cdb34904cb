// Which datafiles of a folder of many repositories belong together as one project, and how the files of each
// are called there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace birdhouse::corpus {

struct ProjectFile {
    std::filesystem::path path; // where it lies
    std::string place;          // in the project: `pipes/top.pipe`, also for a `pipes/top@0a1685b6.pipe`
};

struct CorpusProject {
    std::filesystem::path root;      // of the project, where its files lie
    std::vector<ProjectFile> files;  // datafiles, by path
    std::vector<ProjectFile> others; // what tells the generation: `.tinyenv`, `tinybird.config.json`
    bool of_history = false;         // holds files as commits had them: what they name may be of another time
};

// Every datafile below `folder` belongs to exactly one project. A project's root is the folder above the
// folders that are named by habit (`datasources`, `pipes`, ...); datafiles in a folder of any other name
// belong to the project round it when there is one, else that folder is a project. Two versions of one file
// make two projects.
std::vector<CorpusProject> find_projects(const std::filesystem::path& folder);

} // namespace birdhouse::corpus
