#include "base/hash.hpp"
#include "codec/definitions.hpp"
#include "support/golden.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

struct Loaded {
    SourceMap sources;
    Diagnostics problems;
    std::optional<codec::LoadedProject> project;

    explicit Loaded(const std::filesystem::path& folder)
        : project(codec::load_project(folder, {}, sources, problems)) {}
};

} // namespace

TEST_CASE("resources are sorted by name and migrations by number, whatever their files are called") {
    const testing::TemporaryFolder folder;
    folder.write("birdhouse.yaml", "name: shop\n");
    folder.write("datasources/a.yaml", "datasource: zebra\ncolumns: [{name: id, type: UInt8}]\n");
    folder.write("datasources/deep/er/b.yaml", "datasource: ant\ncolumns: [{name: id, type: UInt8}]\n");
    folder.write("pipes/a.yaml", "pipe: zoo\nsql: SELECT 1\n");
    folder.write("pipes/b.yaml", "pipe: bird\nsql: SELECT 1\n");
    folder.write("migrations/0002_b.yaml", "migration: 0002_b\nsteps: []\n");
    folder.write("migrations/0001_a.yaml", "migration: 0001_a\nsteps: []\n");
    const Loaded loaded(folder.path());
    REQUIRE(loaded.project);
    CHECK(render_text(loaded.problems, loaded.sources).empty());
    const model::Project& project = loaded.project->project;
    CHECK(project.datasources.at(0).name == "ant");
    CHECK(project.datasources.at(1).name == "zebra");
    CHECK(project.pipes.at(0).name == "bird");
    CHECK(loaded.project->migrations.at(0).id == "0001_a");
    CHECK(loaded.project->migrations.at(0).checksum == sha256("migration: 0001_a\nsteps: []\n"));
    CHECK(loaded.sources.path(project.datasources.at(0).origin.span.source) == "datasources/deep/er/b.yaml");
}

TEST_CASE("a folder may be given with a slash at its end or as a relative path") {
    const testing::TemporaryFolder folder;
    folder.write("birdhouse.yaml", "name: shop\n");
    folder.write("pipes/a.yaml", "pipe: p\nsql: SELECT 1\n");
    for (const std::string& spelling : {folder.path().string() + "/", folder.path().string() + "/pipes/.."}) {
        const Loaded loaded(spelling);
        REQUIRE(loaded.project);
        CHECK(loaded.sources.path(loaded.project->project.pipes.at(0).origin.span.source)
                  .ends_with("pipes/a.yaml"));
    }
}

TEST_CASE("problems of every file are reported in one run") {
    const testing::TemporaryFolder folder;
    folder.write("birdhouse.yaml", "nme: shop\n");
    folder.write("datasources/a.yaml", "datasource: [\n");
    folder.write("datasources/groups/g.yaml", "group: g\ncolumns: none\n");
    folder.write("pipes/a.yaml", "pipe: p\nsqll: SELECT 1\n");
    folder.write("migrations/0001_a.yaml", "migration: 0001_b\nsteps: []\n");
    const Loaded loaded(folder.path());
    std::vector<std::string> paths;
    for (const Diagnostic& problem : loaded.problems.all()) {
        paths.emplace_back(loaded.sources.path(problem.labels.at(0).span.source));
    }
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    CHECK(paths == std::vector<std::string>{"birdhouse.yaml", "datasources/a.yaml",
                                            "datasources/groups/g.yaml", "migrations/0001_a.yaml",
                                            "pipes/a.yaml"});
}

TEST_CASE("a chain of groups may be long, and a circle in it is no endless loop") {
    const testing::TemporaryFolder folder;
    folder.write("birdhouse.yaml", "name: shop\n");
    for (int i = 0; i < 200; ++i) {
        const std::string number = std::to_string(i);
        folder.write("datasources/groups/" + number + ".yaml",
                     "group: g" + number + "\ncolumns:\n  - use: g" + std::to_string((i + 1) % 200) +
                         "\n  - {name: c" + number + ", type: UInt8}\n");
    }
    const Loaded loaded(folder.path());
    CHECK(loaded.problems.has_errors());
}

TEST_CASE("the shipped project has no problems") {
    const Loaded loaded(BIRDHOUSE_SOURCE_DIR);
    CHECK(render_text(loaded.problems, loaded.sources).empty());
}
