// Real projects, where somebody has some: BIRDHOUSE_CORPUS names a folder of project folders. Prints what the
// engine takes of each and of all, and every problem it finds; asserts only that nothing fails.
#include "codec/dependencies.hpp"
#include "support/engine_library.hpp"
#include "unit/engine_check/checked_project.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <vector>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace fs = std::filesystem;

namespace {

bool is_datafile(const fs::path& path) {
    return path.extension() == ".datasource" || path.extension() == ".pipe";
}

// A project is the topmost folder that has datafiles in it or in a folder of its own.
bool holds_project(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (is_datafile(entry.path())) {
            return true;
        }
        if (!entry.is_directory()) {
            continue;
        }
        const auto inside = fs::directory_iterator(entry.path());
        if (std::any_of(begin(inside), end(inside),
                        [](const auto& file) { return is_datafile(file.path()); })) {
            return true;
        }
    }
    return false;
}

void find_projects(const fs::path& folder, std::vector<fs::path>& projects) {
    if (holds_project(folder)) {
        projects.push_back(folder);
        return;
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.is_directory()) {
            find_projects(entry.path(), projects);
        }
    }
}

void add(ops::EngineCheck& all, const ops::EngineCheck& one) {
    all.datasources += one.datasources;
    all.refused_datasources += one.refused_datasources;
    all.nodes += one.nodes;
    all.refused_nodes += one.refused_nodes;
    all.unchecked_nodes += one.unchecked_nodes;
}

} // namespace

TEST_CASE("the engine reads the corpus", "[.corpus]") {
    REQUIRE_ENGINE(library);
    const char* corpus = std::getenv("BIRDHOUSE_CORPUS");
    if (corpus == nullptr) {
        WARN("skipped: BIRDHOUSE_CORPUS names no folder of projects");
        return;
    }
    ScratchOpener opener(library);
    std::vector<fs::path> projects;
    find_projects(corpus, projects);
    std::sort(projects.begin(), projects.end());
    ops::EngineCheck all;
    std::size_t nodes = 0;
    std::size_t rendered = 0;
    for (const fs::path& project : projects) {
        INFO(project);
        const CheckedProject checked = check_project(project, opener);
        REQUIRE(checked.figures);
        add(all, *checked.figures);
        Diagnostics told;
        rendered += codec::render_for_checks(checked.open.project, told).size();
        for (const model::Pipe& pipe : checked.open.project.pipes) {
            nodes += pipe.nodes.size();
        }
        std::cout << "== " << fs::relative(project, corpus).string() << ": " << figures_of(*checked.figures)
                  << render_text(checked.found, checked.open.sources);
    }
    std::cout << "== all: " << projects.size() << " projects, " << nodes << " nodes, " << rendered
              << " of them render; " << figures_of(all);
}
