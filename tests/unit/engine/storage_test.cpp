#include "engine/storage.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using birdhouse::ExitCode;
using birdhouse::Result;
using birdhouse::engine::look_at_storage;
using birdhouse::engine::prepare_storage;
using birdhouse::engine::StorageState;
using birdhouse::testing::TemporaryFolder;

TEST_CASE("a storage is missing, free, in use or blocked") {
    const TemporaryFolder folder;
    CHECK(look_at_storage(folder.path() / "none") == StorageState::Missing);
    CHECK(look_at_storage(folder.path()) == StorageState::Free);
    const auto status = folder.write("status", "PID: 1\n");
    CHECK(look_at_storage(folder.path()) == StorageState::Free);
    CHECK(look_at_storage(status) == StorageState::Blocked);
    CHECK(look_at_storage(status / "below") == StorageState::Blocked);

    const int holder = ::open(status.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(holder >= 0);
    REQUIRE(::flock(holder, LOCK_EX) == 0);
    CHECK(look_at_storage(folder.path()) == StorageState::InUse);
    const Result<void> refused = prepare_storage(folder.path());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ExitCode::Refused);
    CHECK(refused.error().message ==
          "the storage `" + folder.path().string() + "` is in use by another process");
    ::close(holder);
    CHECK(look_at_storage(folder.path()) == StorageState::Free);
}

TEST_CASE("a storage is made with its parents") {
    const TemporaryFolder folder;
    REQUIRE(prepare_storage(folder.path() / "a/b"));
    CHECK(look_at_storage(folder.path() / "a/b") == StorageState::Free);
}

TEST_CASE("a storage that cannot be made says why") {
    const TemporaryFolder folder;
    const auto file = folder.write("file", "");
    const Result<void> below_file = prepare_storage(file / "storage");
    REQUIRE_FALSE(below_file);
    CHECK(below_file.error().code == ExitCode::Failed);
    CHECK(below_file.error().message ==
          "the storage folder `" + (file / "storage").string() + "` cannot be made: not a directory");
    const Result<void> is_file = prepare_storage(file);
    REQUIRE_FALSE(is_file);
    CHECK(is_file.error().message.starts_with("the storage folder `" + file.string() + "` cannot be "));
}
