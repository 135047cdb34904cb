#include "engine/library.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"

#include <filesystem>

#include <catch2/catch.hpp>

namespace fs = std::filesystem;
using birdhouse::ExitCode;
using birdhouse::engine::Library;
using birdhouse::engine::library_candidates;
using birdhouse::testing::TemporaryFolder;

TEST_CASE("the library is looked for beside the program, in the build tree, then in the system") {
    const TemporaryFolder folder;
    folder.write("build/engine/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so", "");
    folder.write("build/engine/node_modules/@chdb/other/libchdb.so", "");
    const fs::path build = folder.path() / "build";
    CHECK(library_candidates({"", build / "release"}) ==
          std::vector<fs::path>{build / "lib/birdhouse/libchdb.so",
                                build / "engine/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so",
                                "libchdb.so"});
}

TEST_CASE("a library that is named is the only one tried") {
    CHECK(library_candidates({"/opt/libchdb.so", "/usr/bin"}) == std::vector<fs::path>{"/opt/libchdb.so"});
    CHECK(library_candidates({"libchdb.so", "/usr/bin"}) ==
          std::vector<fs::path>{fs::current_path() / "libchdb.so"});
}

TEST_CASE("a library that is nowhere is an error that lists the places and says how to get it") {
    const auto loaded = Library::load({"/nonexistent/libchdb.so", ""});
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().code == ExitCode::Failed);
    CHECK(loaded.error().message == "the engine libchdb.so was not found: tried `/nonexistent/libchdb.so`");
    CHECK(loaded.error().hint ==
          "run `make engine` in a checkout of birdhouse, or set BIRDHOUSE_LIBCHDB to the path "
          "of libchdb.so");
}

TEST_CASE("a file that is no library is named with the loader's reason") {
    const TemporaryFolder folder;
    const auto file = folder.write("libchdb.so", "certainly not ELF, and longer than a header would be: " +
                                                     std::string(200, '.'));
    const auto loaded = Library::load({file.string(), ""});
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().message ==
          "the engine `" + file.string() + "` cannot be loaded: " + file.string() + ": invalid ELF header");
}

TEST_CASE("a library without the engine's functions is named with what it lacks") {
    const auto loaded = Library::load({BIRDHOUSE_EMPTY_LIBRARY, ""});
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().message.starts_with("the engine `" BIRDHOUSE_EMPTY_LIBRARY
                                             "` cannot be loaded: it lacks `chdb_version`, "));
}

TEST_CASE("the library knows the file it came from") {
    REQUIRE_ENGINE(library);
    CHECK(fs::is_regular_file(library->path()));
}
