#include "base/files.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace birdhouse;
using birdhouse::testing::read_text;
using birdhouse::testing::TemporaryFolder;

namespace fs = std::filesystem;

TEST_CASE("a file is written only when its content changes") {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "deep/er/a.txt";
    CHECK(*write_if_changed(file, "one") == Written::Created);
    const auto stamp = fs::last_write_time(file);
    CHECK(*write_if_changed(file, "one") == Written::Unchanged);
    CHECK(fs::last_write_time(file) == stamp);
    CHECK(*write_if_changed(file, "two") == Written::Changed);
    CHECK(read_text(file) == "two");
}

TEST_CASE("writing leaves no temporary file and keeps the permissions") {
    const TemporaryFolder folder;
    const fs::path file = folder.write("a.txt", "old");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    REQUIRE(write_if_changed(file, "new"));
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
    CHECK((fs::status(file).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a missing file, a folder and a file over the limit are errors that say so") {
    const TemporaryFolder folder;
    const Result<std::string> missing = read_file(folder.path() / "none");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ExitCode::Usage);
    CHECK(missing.error().message.find("No such file") != std::string::npos);
    const Result<std::string> directory = read_file(folder.path());
    REQUIRE_FALSE(directory);
    CHECK(directory.error().message.find("it is a folder") != std::string::npos);
    const Result<std::string> large = read_file(folder.write("big", std::string(101, 'x')), 100);
    REQUIRE_FALSE(large);
    CHECK(large.error().message.find("larger than 100 bytes") != std::string::npos);
}

TEST_CASE("a folder that cannot be written leaves the old file and no temporary one") {
    if (::geteuid() == 0) {
        // Root writes anywhere; a path below a file fails for everybody in the same place of the code.
        const TemporaryFolder folder;
        folder.write("file", "x");
        const Result<Written> written = write_if_changed(folder.path() / "file" / "below", "y");
        REQUIRE_FALSE(written);
        CHECK(written.error().code == ExitCode::Failed);
        return;
    }
    const TemporaryFolder folder;
    const fs::path file = folder.write("a.txt", "old");
    fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
    const Result<Written> written = write_if_changed(file, "new");
    fs::permissions(folder.path(), fs::perms::owner_all);
    REQUIRE_FALSE(written);
    CHECK(read_text(file) == "old");
}

TEST_CASE("files are listed sorted, at any depth, without hidden ones") {
    const TemporaryFolder folder;
    folder.write("b.yaml", "");
    folder.write("a/c.yaml", "");
    folder.write(".git/d.yaml", "");
    folder.write(".e.yaml", "");
    folder.write("f.txt", "");
    const Result<std::vector<fs::path>> found = list_files(folder.path(), ".yaml");
    REQUIRE(found);
    CHECK(*found == std::vector<fs::path>{folder.path() / "a/c.yaml", folder.path() / "b.yaml"});
    const Result<std::vector<fs::path>> nothing = list_files(folder.path() / "missing", ".yaml");
    REQUIRE(nothing);
    CHECK(nothing->empty());
}

TEST_CASE("many files are written together or not at all") {
    const TemporaryFolder folder;
    const fs::path kept = folder.write("kept.txt", "old");
    const fs::path same = folder.write("same.txt", "same");
    const auto stamp = fs::last_write_time(same);
    const std::vector<FileText> files = {
        {kept, "new"}, {same, "same"}, {folder.path() / "deep/made.txt", "made"}};
    REQUIRE(write_all_if_changed(files));
    CHECK(read_text(kept) == "new");
    CHECK(read_text(folder.path() / "deep/made.txt") == "made");
    CHECK(fs::last_write_time(same) == stamp);

    const std::vector<FileText> blocked = {{kept, "newer"}, {same / "below-a-file.txt", "x"}};
    const Result<void> refused = write_all_if_changed(blocked);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ExitCode::Failed);
    CHECK(read_text(kept) == "new");
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 3);
}
