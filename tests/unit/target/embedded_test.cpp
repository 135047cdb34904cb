#include "support/engine_library.hpp"
#include "support/golden.hpp"
#include "target/embedded.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::target;
using birdhouse::testing::TemporaryFolder;

namespace {

model::TargetSettings local(const std::string& database) {
    model::TargetSettings settings;
    settings.name = "local";
    settings.path = ".birdhouse/local";
    settings.database = database;
    return settings;
}

std::string answer(SqlChannel& channel, std::string_view sql) {
    const Result<QueryResult> result = channel.query(sql, "TSV", {});
    return result ? result->bytes : result.error().message;
}

} // namespace

TEST_CASE("an embedded target makes its folder and database, and keeps what it is given") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder project;
    const model::TargetSettings settings = local("my-shop");
    CHECK(storage_folder(settings, project.path()) == project.path() / ".birdhouse/local");
    {
        const auto target = open_embedded(library, settings, project.path());
        REQUIRE(target);
        CHECK((*target)->name() == "local");
        CHECK((*target)->database() == "my-shop");
        SqlChannel& channel = (*target)->channel();
        CHECK(answer(channel, "SELECT currentDatabase()") == "my-shop\n");
        CHECK(channel.execute("CREATE TABLE t (id UInt8, at DateTime) ENGINE = MergeTree ORDER BY id"));
        const auto written =
            channel.insert("INSERT INTO t", "JSONEachRow", R"({"id":1,"at":"2025-01-02T03:04:05Z"})");
        REQUIRE(written);
        CHECK(*written == 1);
        // No wait: an insert that has returned can be read.
        CHECK(answer(channel, "SELECT id, at FROM t") == "1\t2025-01-02 03:04:05\n");
    }
    const auto again = open_embedded(library, settings, project.path());
    REQUIRE(again);
    CHECK(answer((*again)->channel(), "SELECT id, at FROM t") == "1\t2025-01-02 03:04:05\n");
}

TEST_CASE("a target that names no database or path is an error of the configuration") {
    REQUIRE_ENGINE(library);
    const auto no_database = open_embedded(library, local(""), "/nonexistent");
    REQUIRE_FALSE(no_database);
    CHECK(no_database.error().code == ExitCode::Usage);
    CHECK(no_database.error().message == "the target `local` has no `database`");
    model::TargetSettings no_path = local("shop");
    no_path.path.clear();
    const auto failed = open_embedded(library, no_path, "/nonexistent");
    REQUIRE_FALSE(failed);
    CHECK(failed.error().message == "the target `local` has no `path`");
}

TEST_CASE("two connections to one storage see the same rows") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder project;
    const auto one = open_embedded(library, local("shop"), project.path());
    const auto two = open_embedded(library, local("shop"), project.path());
    REQUIRE(one);
    REQUIRE(two);
    CHECK((*one)->channel().execute("CREATE TABLE t (id UInt8) ENGINE = MergeTree ORDER BY id"));
    CHECK((*one)->channel().insert("INSERT INTO t", "TSV", "1\n2\n"));
    CHECK(answer((*two)->channel(), "SELECT sum(id) FROM t") == "3\n");
}

TEST_CASE("a scratch engine is empty each time") {
    REQUIRE_ENGINE(library);
    for (int round = 0; round < 2; ++round) {
        const auto scratch = open_scratch(library);
        REQUIRE(scratch);
        CHECK((*scratch)->execute("CREATE DATABASE proof"));
    }
}

TEST_CASE("times without a zone are UTC wherever the program runs") {
    REQUIRE_ENGINE(library);
    const auto scratch = open_scratch(library);
    REQUIRE(scratch);
    CHECK(answer(**scratch, "SELECT toDateTime(0), toStartOfDay(toDateTime(86399)), timezone()") ==
          "1970-01-01 00:00:00\t1970-01-01 00:00:00\tUTC\n");
    CHECK((*scratch)->execute(
        "CREATE TABLE default.z (at DateTime) ENGINE = MergeTree PARTITION BY toYYYYMMDD(at) ORDER BY at"));
    CHECK((*scratch)->insert("INSERT INTO default.z", "JSONEachRow", R"({"at":"2025-01-01T23:30:00Z"})"));
    CHECK(answer(**scratch, "SELECT partition FROM system.parts WHERE table = 'z' AND active") ==
          "20250101\n");
    CHECK(answer(**scratch, "SELECT count() FROM default.z WHERE at >= '2025-01-01 23:00:00' AND at < "
                            "'2025-01-02 00:00:00'") == "1\n");
}

TEST_CASE("every engine is told to be small, whichever connection comes first") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    const auto says_so = [](SqlChannel& channel) {
        CHECK(answer(channel, "SELECT name, value FROM system.server_settings WHERE name IN"
                              " ('max_parts_cleaning_thread_pool_size', 'query_condition_cache_size')"
                              " ORDER BY name") ==
              "max_parts_cleaning_thread_pool_size\t2\nquery_condition_cache_size\t1048576\n");
    };
    for (const ChannelUse use : {ChannelUse::ReadOnly, ChannelUse::ReadAndWrite}) {
        const auto channel = open_channel(library, folder.path(), use);
        REQUIRE(channel);
        says_so(**channel);
    }
    const auto scratch = open_scratch(library);
    REQUIRE(scratch);
    says_so(**scratch);
}

TEST_CASE("the engine tells its version") {
    REQUIRE_ENGINE(library);
    const auto version = engine_version(library);
    REQUIRE(version);
    CHECK(std::count(version->begin(), version->end(), '.') == 3);
}
