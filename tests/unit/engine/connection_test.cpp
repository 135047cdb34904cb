#include "engine/connection.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using birdhouse::ExitCode;
using birdhouse::Result;
using birdhouse::engine::Answer;
using birdhouse::engine::Binding;
using birdhouse::engine::Connection;
using birdhouse::engine::Library;
using birdhouse::engine::Setting;
using birdhouse::engine::Storage;
using birdhouse::testing::TemporaryFolder;

namespace {

Connection opened(const std::shared_ptr<Library>& library, const Storage& storage = {},
                  const std::vector<Setting>& settings = {{"async_insert", "0"}}) {
    Result<Connection> connection = Connection::open(library, storage, settings);
    INFO((connection ? "" : connection.error().message));
    REQUIRE(connection);
    return std::move(connection).value();
}

std::string answer(const Connection& connection, std::string_view sql,
                   const std::vector<Binding>& bindings = {}) {
    const Result<Answer> result = connection.query(sql, "TSV", bindings);
    return result ? result->bytes : result.error().message;
}

// Another process that has the storage open for as long as this lives.
class StorageHolder {
public:
    explicit StorageHolder(const std::string& storage) {
        int ends[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        child_ = ::fork();
        REQUIRE(child_ >= 0);
        if (child_ == 0) {
            ::dup2(ends[1], STDIN_FILENO);
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            ::setenv("BIRDHOUSE_TEST_STORAGE", storage.c_str(), 1);
            ::execl("/proc/self/exe", "test_engine", "[hold]", nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        wire_ = ends[0];
        char ready = 0;
        REQUIRE(::read(wire_, &ready, 1) == 1);
        REQUIRE(ready == '+');
    }
    StorageHolder(const StorageHolder&) = delete;
    StorageHolder& operator=(const StorageHolder&) = delete;
    ~StorageHolder() {
        ::close(wire_);
        ::waitpid(child_, nullptr, 0);
    }

private:
    pid_t child_ = -1;
    int wire_ = -1;
};

} // namespace

// Not run by itself: StorageHolder starts this program with its tag.
TEST_CASE("another process holds a storage until its input ends", "[.][hold]") {
    const char* storage = std::getenv("BIRDHOUSE_TEST_STORAGE");
    REQUIRE(storage != nullptr);
    REQUIRE_ENGINE(library);
    const Connection connection = opened(library, {storage});
    REQUIRE(::write(STDOUT_FILENO, "+", 1) == 1);
    char nothing = 0;
    while (::read(STDIN_FILENO, &nothing, 1) > 0) {
    }
}

TEST_CASE("a query gives its rows and what it read") {
    REQUIRE_ENGINE(library);
    const Connection connection = opened(library);
    CHECK(answer(connection, "SELECT 1 AS a, 'x\ty' AS b") == "1\tx\\ty\n");
    CHECK(
        answer(connection, "CREATE TABLE default.numbers (n UInt64) ENGINE = MergeTree ORDER BY n").empty());
    CHECK(answer(connection, "INSERT INTO default.numbers SELECT number FROM numbers(1000)").empty());
    const Result<Answer> read =
        connection.query("SELECT sum(n) FROM default.numbers WHERE n >= 0", "JSONEachRow", {});
    REQUIRE(read);
    CHECK(read->bytes == "{\"sum(n)\":499500}\n");
    CHECK(read->rows_read == 1000);
    CHECK(read->bytes_read == 8000);
}

TEST_CASE("parameters are bound by the engine and never become SQL") {
    REQUIRE_ENGINE(library);
    const Connection connection = opened(library);
    CHECK(answer(connection, "SELECT {text:String}, {number:UInt8} + 1",
                 {{"text", "'; DROP TABLE t; --"}, {"number", "41"}}) == "\\'; DROP TABLE t; --\t42\n");
    CHECK(answer(connection, "SELECT length({text:String})", {{"text", "a\\tb\\\\"}}) == "4\n");
    CHECK(answer(connection, "SELECT {number:UInt8}", {{"number", "x"}}).starts_with("the engine refused: "));
    CHECK(answer(connection, "SELECT {missing:UInt8}").find("(456 UNKNOWN_QUERY_PARAMETER)") !=
          std::string::npos);
}

TEST_CASE("what the engine refuses is an error with its code and name, and the connection lives on") {
    REQUIRE_ENGINE(library);
    const Connection connection = opened(library);
    CHECK(answer(connection, "SELECT * FROM nowhere.t") ==
          "the engine refused: Database nowhere does not exist (81 UNKNOWN_DATABASE)");
    CHECK(answer(connection, "SELEC 1") ==
          "the engine refused: Syntax error: failed at position 7 (1): 1 (62 SYNTAX_ERROR)");
    CHECK(answer(connection, "SELECT 2") == "2\n");
}

TEST_CASE("rows are inserted in a stream, however many") {
    REQUIRE_ENGINE(library);
    const Connection connection = opened(library);
    answer(connection, "CREATE TABLE default.rows (id UInt64, text String) ENGINE = MergeTree ORDER BY id");
    std::string rows;
    constexpr std::size_t kRows = 60000;
    for (std::size_t i = 0; i < kRows; ++i) {
        rows += "{\"id\":" + std::to_string(i) + ",\"text\":\"" + std::string(40, 'x') + "\"}\n";
    }
    REQUIRE(rows.size() > 3U << 20U); // several chunks, cut inside of rows
    const auto written = connection.insert("INSERT INTO default.rows", "JSONEachRow", rows);
    REQUIRE(written);
    CHECK(*written == kRows);
    CHECK(answer(connection, "SELECT count(), uniqExact(id), sum(length(text)) FROM default.rows") ==
          "60000\t60000\t2400000\n");
}

TEST_CASE("an insert counts the rows of materialised views, and none when there are none") {
    REQUIRE_ENGINE(library);
    const Connection connection = opened(library);
    answer(connection, "CREATE TABLE default.source (id UInt64) ENGINE = MergeTree ORDER BY id");
    answer(connection, "CREATE TABLE default.copy (id UInt64) ENGINE = MergeTree ORDER BY id");
    answer(connection,
           "CREATE MATERIALIZED VIEW default.view TO default.copy AS SELECT id FROM default.source");
    const auto written =
        connection.insert("INSERT INTO default.source", "JSONEachRow", "{\"id\":1}\n{\"id\":2}");
    REQUIRE(written);
    CHECK(*written == 4);
    const auto nothing = connection.insert("INSERT INTO default.source", "JSONEachRow", "");
    REQUIRE(nothing);
    CHECK(*nothing == 0);
}

TEST_CASE("an insert that fails says why and leaves the connection usable") {
    REQUIRE_ENGINE(library);
    const Connection connection = opened(library);
    answer(connection, "CREATE TABLE default.strict (id UInt64) ENGINE = MergeTree ORDER BY id");
    const auto no_table = connection.insert("INSERT INTO default.nothing", "JSONEachRow", "{\"id\":1}");
    REQUIRE_FALSE(no_table);
    CHECK(no_table.error().message.find("(60 UNKNOWN_TABLE)") != std::string::npos);
    const auto bad_row =
        connection.insert("INSERT INTO default.strict", "JSONEachRow", "{\"id\":1}\n{\"id\":\"no\"}");
    REQUIRE_FALSE(bad_row);
    CHECK(bad_row.error().message.starts_with("the engine refused: "));
    const auto garbage =
        connection.insert("INSERT INTO default.strict", "JSONEachRow", std::string(5U << 20U, '{'));
    REQUIRE_FALSE(garbage);
    CHECK(answer(connection, "SELECT count() FROM default.strict") == "0\n");
}

TEST_CASE("settings hold for their connection only") {
    REQUIRE_ENGINE(library);
    const Connection reader = opened(library, {}, {{"readonly", "1"}});
    const Connection writer = opened(library);
    CHECK(answer(reader, "CREATE DATABASE x").find("(164 READONLY)") != std::string::npos);
    CHECK(answer(writer, "CREATE DATABASE x").empty());
}

TEST_CASE("a second storage while one is open is refused, and taken once that is closed") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    {
        const Connection memory = opened(library);
        const Result<Connection> second = Connection::open(library, {folder.path() / "db"}, {});
        REQUIRE_FALSE(second);
        CHECK(second.error().message ==
              "the engine cannot open `" + (folder.path() / "db").string() + "` while it has memory open");
        CHECK(answer(memory, "SELECT 1") == "1\n");
    }
    {
        const Connection kept = opened(library, {folder.path() / "db"});
        answer(kept, "CREATE DATABASE kept");
        answer(kept, "CREATE TABLE kept.t (id UInt8) ENGINE = MergeTree ORDER BY id");
        answer(kept, "INSERT INTO kept.t VALUES (7)");
        const Connection again = opened(library, {folder.path() / "." / "db"});
        CHECK(answer(again, "SELECT * FROM kept.t") == "7\n");
    }
    CHECK(answer(opened(library), "SELECT count() FROM system.databases WHERE name = 'kept'") == "0\n");
    CHECK(answer(opened(library, {folder.path() / "db"}), "SELECT * FROM kept.t") == "7\n");
}

TEST_CASE("a storage that another process has open is refused") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    const std::string storage = (folder.path() / "db").string();
    {
        const StorageHolder holder(storage);
        const Result<Connection> refused = Connection::open(library, {storage}, {});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ExitCode::Refused);
        CHECK(refused.error().message == "the storage `" + storage + "` is in use by another process");
    }
    CHECK(answer(opened(library, {storage}), "SELECT 1") == "1\n");
}

TEST_CASE("a storage with a part that the engine put aside is not taken for one without its rows") {
    REQUIRE_ENGINE(library);
    const TemporaryFolder folder;
    const std::filesystem::path storage = folder.path() / "db";
    std::filesystem::path part;
    {
        const Connection connection = opened(library, {storage});
        answer(connection, "CREATE DATABASE kept");
        answer(connection, "CREATE TABLE kept.t (n UInt8) ENGINE = MergeTree ORDER BY n");
        answer(connection, "INSERT INTO kept.t VALUES (7)");
        part = answer(connection, "SELECT path FROM system.parts WHERE table = 't' AND active FORMAT TSVRaw");
        part = part.string().substr(0, part.string().find('\n'));
    }
    REQUIRE(std::filesystem::exists(part / "data.bin"));
    std::filesystem::resize_file(part / "data.bin", 0);
    for (int look = 0; look < 2; ++look) {
        const Result<Connection> damaged = Connection::open(library, {storage}, {});
        REQUIRE_FALSE(damaged);
        CHECK(damaged.error().code == ExitCode::Failed);
        CHECK(damaged.error().message ==
              "the storage is damaged: the engine could not read 1 part and put it "
              "aside, so rows of `kept.t` are missing");
        CHECK(damaged.error().hint.find("detached/broken-on-start_all_1_1_0") != std::string::npos);
    }
    const std::filesystem::path aside =
        (part / "..").lexically_normal() / "detached" / "broken-on-start_all_1_1_0";
    std::filesystem::rename(aside, folder.path() / "kept_for_later");
    CHECK(answer(opened(library, {storage}), "SELECT count() FROM kept.t") == "0\n");
}

TEST_CASE("a storage in a place that cannot be written fails") {
    REQUIRE_ENGINE(library);
    const Result<Connection> failed = Connection::open(library, {"/proc/nowhere/db"}, {});
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == ExitCode::Failed);
    CHECK(failed.error().message ==
          "the storage folder `/proc/nowhere/db` cannot be made: no such file or directory");
}

TEST_CASE("connections opened and used from several threads share one engine") {
    REQUIRE_ENGINE(library);
    std::vector<std::string> answers(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        threads.emplace_back([&, i] {
            const Result<Connection> connection = Connection::open(library, {}, {});
            answers[i] = connection ? answer(*connection, "SELECT sum(number) FROM numbers(100000)")
                                    : connection.error().message;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(answers == std::vector<std::string>(4, "4999950000\n"));
}
