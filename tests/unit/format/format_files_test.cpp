// Which files `fmt` looks at.
#include "ops/format_files.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

std::vector<std::string> shown(const Result<std::vector<ops::FoundDatafile>>& found) {
    REQUIRE(found.ok());
    std::vector<std::string> names;
    for (const ops::FoundDatafile& file : *found) {
        names.push_back(file.shown);
    }
    return names;
}

} // namespace

TEST_CASE("a folder gives its datafiles, and passes over what is not the project's own") {
    const TemporaryFolder folder;
    for (const char* name : {"a.datasource", "pipes/b.pipe", "pipes/deep/er/c.connection", "includes/d.incl",
                             "e.yaml", "f.pipe.bak", "build/g.pipe", "vendor/other/v.pipe",
                             "node_modules/h/i.pipe", ".git/j.pipe", ".k.pipe", "pipes/build/l.pipe"}) {
        folder.write(name, "");
    }
    const std::string at = folder.path().string() + "/";
    CHECK(shown(ops::find_datafiles({folder.path().string()}, "unused")) ==
          std::vector<std::string>{at + "a.datasource", at + "includes/d.incl", at + "pipes/b.pipe",
                                   at + "pipes/deep/er/c.connection"});
    CHECK(shown(ops::find_datafiles({at + "build"}, "unused")) ==
          std::vector<std::string>{at + "build/g.pipe"});
}

TEST_CASE("without paths a project gives the datafiles that are its own") {
    const TemporaryFolder folder;
    for (const char* name : {"pipes/a.pipe", "connections/deep/b.connection", "tests/c.pipe", "d.pipe"}) {
        folder.write(name, "");
    }
    const std::string at = std::filesystem::proximate(folder.path()).string() + "/";
    CHECK(shown(ops::find_datafiles({}, folder.path())) ==
          std::vector<std::string>{at + "connections/deep/b.connection", at + "d.pipe", at + "pipes/a.pipe",
                                   at + "tests/c.pipe"});
    folder.write("birdhouse.yaml", "name: shop\n");
    CHECK(shown(ops::find_datafiles({}, folder.path())) ==
          std::vector<std::string>{at + "connections/deep/b.connection", at + "pipes/a.pipe"});
}

TEST_CASE("a file is taken once, however it is named, and a link leads to its file") {
    const TemporaryFolder folder;
    const auto file = folder.write("pipes/a.pipe", "");
    std::filesystem::create_symlink("a.pipe", folder.path() / "pipes/z.pipe");
    const std::string at = folder.path().string();
    const auto found = ops::find_datafiles({file.string(), at, at + "/pipes/../pipes"}, "unused");
    CHECK(shown(found) == std::vector<std::string>{file.string()});
    CHECK(found.value().front().path == std::filesystem::canonical(file));
    CHECK(found.value().front().named);
}

TEST_CASE("what is no datafile, or not there, is an error") {
    const TemporaryFolder folder;
    const std::string yaml = folder.write("a.yaml", "").string();
    const auto other = ops::find_datafiles({yaml}, "unused");
    REQUIRE(!other.ok());
    CHECK(other.error().message == "`" + yaml + "` is not a datafile");
    CHECK(other.error().code == ExitCode::Usage);
    const auto missing = ops::find_datafiles({yaml + ".pipe"}, "unused");
    REQUIRE(!missing.ok());
    CHECK(missing.error().message == "cannot read `" + yaml + ".pipe`: No such file or directory");
}
