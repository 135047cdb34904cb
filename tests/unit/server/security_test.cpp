// One test case for each clause of what the server must not let happen; `test_server "security*"` runs them.
// Where a request ends by its headers is tested with the sockets, in tests/unit/net.
#include "base/hash.hpp"
#include "served.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"
#include "support/packed.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

// Two workspaces with a row each; the second one's must stay unseen by the first.
class Guarded : public Served {
public:
    explicit Guarded(const std::shared_ptr<engine::Library>& library) : Served(library) {
        REQUIRE(send("/v1/build", small_project()).status == 200);
        REQUIRE(post("/v0/events?name=events&wait=true", row("mine")).status == 200);
        const Asked made = ask("POST", "/v1/workspaces?name=other", "", "p.eUSER.user");
        REQUIRE(made.status == 200);
        const auto workspace = server().core().find_workspace("other");
        REQUIRE(workspace != nullptr);
        other_database = workspace->live.database;
        other_token = workspace->tokens.front().text;
        std::vector<net::FormPart> parts;
        for (const server::Datafile& file : small_project()) {
            parts.push_back({"data_project://", file.path, file.text});
        }
        REQUIRE(ask("POST", "/v1/build", "", other_token, {}, parts).status == 200);
        REQUIRE(ask("POST", "/v0/events?name=events&wait=true", row("theirs"), other_token).status == 200);
    }

    Asked sql(const std::string& text) {
        return ask("POST", "/v0/sql", text, admin(), {{"content-type", "text/plain"}});
    }

    // With 400 or 403, whether it is asked or built into an endpoint, a view or a copy.
    void refuses(const std::string& select) {
        INFO(select);
        const Asked asked = sql(select);
        CHECK((asked.status == 400 || asked.status == 403));
        CHECK(asked.body.find("theirs") == std::string::npos);
        auto files = small_project();
        file_of(files, "spend.pipe").text = "NODE n\nSQL >\n    " + select + "\n\nTYPE endpoint\n";
        const Asked built = send("/v1/deploy?check=true", files);
        CHECK(built.status == 400);
    }

    static std::string row(const std::string& id) {
        return R"({"id":")" + id + R"(","at":"2026-01-01 10:00:00","cost":1})";
    }

    std::string other_database;
    std::string other_token;
};

} // namespace

TEST_CASE("security: SQL only reads") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    for (const char* sql : {"INSERT INTO events VALUES ('x', now(), 1)",
                            "DROP TABLE events",
                            "TRUNCATE TABLE events",
                            "ALTER TABLE events DELETE WHERE 1",
                            "DELETE FROM events WHERE 1",
                            "SELECT 1; DROP TABLE events",
                            "CREATE TABLE t (a Int8) ENGINE = Memory",
                            "CREATE USER u",
                            "GRANT ALL ON *.* TO u",
                            "SET readonly = 0",
                            "SYSTEM SHUTDOWN",
                            "KILL QUERY WHERE 1",
                            "OPTIMIZE TABLE events",
                            "RENAME TABLE events TO e",
                            "ATTACH TABLE t FROM '/tmp' (a Int8) ENGINE = MergeTree ORDER BY a",
                            "BACKUP TABLE events TO Disk('d', 'x')",
                            "USE system",
                            "SELECT 1 INTO OUTFILE '/tmp/x'",
                            "/* SELECT */ DROP TABLE events",
                            "SHOW TABLES",
                            "WITH x AS (SELECT 1) INSERT INTO events SELECT 'x', now(), 1"}) {
        INFO(sql);
        const Asked asked = served.sql(sql);
        CHECK((asked.status == 400 || asked.status == 403));
    }
    CHECK(served.rows("SELECT id FROM events") == Json::parse(R"([{"id":"mine"}])"));
}

TEST_CASE("security: subqueries name only what may be read") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    const std::string theirs = served.other_database + ".events";
    served.refuses("SELECT id FROM (SELECT id FROM " + theirs + ")");
    served.refuses("SELECT (SELECT any(id) FROM " + theirs + ") AS id");
    served.refuses("SELECT 1 AS a WHERE 'theirs' IN (SELECT id FROM " + theirs + ")");
    served.refuses("SELECT 1 AS a WHERE 'theirs' IN " + theirs);
    served.refuses("SELECT 1 AS a WHERE EXISTS (SELECT 1 FROM " + theirs + ")");
    served.refuses("SELECT a.id FROM events AS a JOIN (SELECT id FROM " + theirs + ") AS b ON 1 = 1");
    served.refuses("SELECT id FROM events UNION ALL SELECT id FROM " + theirs);
    served.refuses("SELECT id FROM events UNION ALL (SELECT id FROM (SELECT * FROM " + theirs + "))");
}

TEST_CASE("security: common table expressions hide nothing") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    const std::string theirs = served.other_database + ".events";
    served.refuses("WITH t AS (SELECT id FROM " + theirs + ") SELECT id FROM t");
    served.refuses("WITH t AS (WITH u AS (SELECT id FROM " + theirs + ") SELECT id FROM u) SELECT id FROM t");
    served.refuses("WITH (SELECT any(id) FROM " + theirs + ") AS one SELECT one");
    served.refuses("WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t, " + theirs +
                   " WHERE n < 2) SELECT n FROM t");
    served.refuses("WITH events AS (SELECT 1 AS id) SELECT id FROM " + theirs);
}

TEST_CASE("security: functions that take tables, files or services are closed") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    for (const char* function :
         {"joinGet('"
          "x.events', 'id', 1)",
          "joinGetOrNull('x.events', 'id', 1)", "dictGet('x.d', 'a', 1)", "dictHas('d', 1)",
          "hasColumnInTable('system', 'tables', 'name')", "file('/etc/hostname')", "`file`('/etc/hostname')",
          "FILE ('/etc/hostname')", "arrayMap(file, ['/etc/hostname'])",
          "arrayMap(x -> file(x), ['/etc/hostname'])", "catboostEvaluate('/tmp/m', 1)",
          "getServerSetting('path')", "getMacro('shard')", "getClientHTTPHeader('Authorization')",
          "showCertificate()", "filesystemAvailable()"}) {
        served.refuses(std::string("SELECT ") + function + " AS a");
    }
}

TEST_CASE("security: other databases are not there, whatever they are called") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    const std::string database = served.other_database;
    for (const std::string& table :
         {database + ".events", "`" + database + "`.events", "\"" + database + "\".`events`",
          database + " . events", database + "/**/./**/events", std::string("default.events"),
          std::string("other.events"), std::string("_temporary_and_external_tables.t")}) {
        served.refuses("SELECT * FROM " + table);
    }
    served.refuses("SELECT * FROM {x:Identifier}.events");
    REQUIRE(served
                .ask("POST", "/v0/variables", "name=x&value=" + database, served.admin(),
                     {{"content-type", "application/x-www-form-urlencoded"}})
                .status == 200);
    CHECK(served.sql("% SELECT * FROM {x:Identifier}.events WHERE '' != {{tb_secret('x')}}").status == 403);
    CHECK(served.sql("% SELECT * FROM {{symbol('" + database + ".events')}}").body.find("theirs") ==
          std::string::npos);
    for (const char* kind :
         {"Merge('.*', '.*')", "Distributed('c', 'd', 't')", "URL('http://127.0.0.1:1/', CSV)", "File(CSV)",
          "Buffer('d', 't', 1, 1, 1, 1, 1, 1, 1)", "Dictionary('d')",
          "MySQL('127.0.0.1:1', 'd', 't', 'u', 'p')", "MaterializedView", "View"}) {
        INFO(kind);
        auto files = small_project();
        file_of(files, "hourly.datasource").text =
            "SCHEMA >\n    `hour` DateTime,\n    `spend` Float64\n\nENGINE \"" + std::string(kind) + "\"\n";
        CHECK(served.send("/v1/deploy?check=true", files).status == 400);
    }
    auto files = small_project();
    file_of(files, "events.datasource").text +=
        "\nFORWARD_QUERY >\n    SELECT (SELECT any(id) FROM " + database + ".events) AS id, at, cost\n";
    CHECK(served.send("/v1/deploy?check=true", files).status == 400);
    CHECK(served
              .post("/v0/datasources/events/delete?delete_condition=id+IN+(SELECT+id+FROM+" + database +
                    ".events)")
              .status == 400);
    // its own is served by the names of its resources alone
    served.refuses("SELECT * FROM " + served.server().core().default_workspace()->live.database + ".events");
    CHECK(served.sql("SELECT currentDatabase() AS d").body.find(database) == std::string::npos);
}

TEST_CASE("security: system tables are closed but the harmless ones") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    for (const char* table :
         {"tables", "columns", "databases", "processes", "query_log", "settings", "users", "disks",
          "clusters", "parts", "server_settings", "environment", "stack_trace", "user_processes",
          "dictionaries", "remote_data_paths", "named_collections", "asynchronous_metrics"}) {
        served.refuses(std::string("SELECT * FROM system.") + table);
        served.refuses(std::string("SELECT * FROM `system`.`") + table + "`");
    }
    served.refuses("SELECT * FROM information_schema.tables");
    served.refuses("SELECT * FROM INFORMATION_SCHEMA.COLUMNS");
    CHECK(served.sql("SELECT * FROM system.one").status == 200);
}

TEST_CASE("security: no table function leaves the process") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    for (const char* function : {"file('/etc/passwd', 'LineAsString')",
                                 "url('http://127.0.0.1:1/', 'CSV', 'a String')",
                                 "urlCluster('c', 'http://127.0.0.1:1/', 'CSV', 'a String')",
                                 "executable('id', 'TSV', 'a String')",
                                 "remote('127.0.0.1', system.one)",
                                 "remoteSecure('127.0.0.1', system.one)",
                                 "cluster('default', system.one)",
                                 "clusterAllReplicas('default', system.one)",
                                 "s3('http://127.0.0.1:1/a', 'CSV')",
                                 "s3Cluster('c', 'http://127.0.0.1:1/a', 'CSV')",
                                 "gcs('http://127.0.0.1:1/a', 'CSV')",
                                 "azureBlobStorage('http://127.0.0.1:1/', 'c', 'b')",
                                 "hdfs('hdfs://127.0.0.1:1/a', 'CSV')",
                                 "mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
                                 "postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
                                 "mongodb('127.0.0.1:1', 'd', 't', 'u', 'p', 'a String')",
                                 "redis('127.0.0.1:1', 'k', 'k String')",
                                 "sqlite('/tmp/x', 't')",
                                 "odbc('DSN=x', 't')",
                                 "jdbc('x', 't')",
                                 "iceberg('http://127.0.0.1:1/')",
                                 "deltaLake('http://127.0.0.1:1/')",
                                 "hudi('http://127.0.0.1:1/')",
                                 "merge('.*', '.*')",
                                 "merge('events')",
                                 "dictionary('d')",
                                 "loop(system.tables)",
                                 "input('a String')",
                                 "view(SELECT * FROM system.tables)",
                                 "viewIfPermitted(SELECT 1 ELSE null('a Int8'))",
                                 "mergeTreeIndex('x', 'events')",
                                 "python('x')",
                                 "fuzzQuery('SELECT 1')",
                                 "ytsaurus('http://127.0.0.1:1/', '//t', 't', 'a String')"}) {
        served.refuses(std::string("SELECT * FROM ") + function);
    }
    served.refuses("SELECT 1 AS a WHERE 1 IN (SELECT a FROM file('/etc/passwd', 'CSV', 'a Int8'))");
}

TEST_CASE("security: settings that lift limits are refused") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    for (const char* setting :
         {"readonly = 0", "max_result_bytes = 0", "max_result_rows = 0", "max_rows_to_read = 0",
          "max_bytes_to_read = 0", "max_block_size = 1", "allow_ddl = 1", "max_ast_depth = 100000",
          "allow_experimental_analyzer = 0", "additional_table_filters = {}",
          "additional_result_filter = '1'", "log_queries = 0", "max_execution_time = 1, readonly = 0"}) {
        served.refuses(std::string("SELECT 1 AS a SETTINGS ") + setting);
        served.refuses(std::string("SELECT a FROM (SELECT 1 AS a SETTINGS ") + setting + ")");
    }
}

TEST_CASE("security: a query ends after its time, also when it asks for more") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    const std::string endless =
        "SELECT sum(cityHash64(number)) AS s FROM numbers(1000000000000000) SETTINGS max_execution_time = ";
    const Asked ended = served.sql(endless + "1");
    INFO(ended.body);
    CHECK(ended.status == 408);
    for (const char* more : {"0", "11", "3600", "1e9", "-1", "'0'"}) {
        INFO(more);
        CHECK(served.sql(endless + more).status == 400);
    }
}

TEST_CASE("security: a query ends with its memory, also when it asks for more") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    const std::string large =
        "SELECT groupArray(repeat('x', 1000)) AS a FROM numbers(1000000) SETTINGS max_memory_usage = ";
    const Asked ended = served.sql(large + "1000000");
    INFO(ended.body);
    CHECK((ended.status == 400 || ended.status == 503));
    CHECK(ended.body.find("MEMORY_LIMIT_EXCEEDED") != std::string::npos);
    for (const char* more : {"0", "4000000001", "100000000000"}) {
        INFO(more);
        CHECK(served.sql(large + more).status == 400);
    }
}

TEST_CASE("security: a result ends with its size") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    const Asked ended = served.sql("SELECT repeat('x', 1000000) AS a FROM numbers(200)");
    CHECK(ended.status == 400);
    CHECK(ended.body.size() < 10'000);
    const Asked text = served.sql("SELECT " + std::string(200'000, ' ') + "1 AS a");
    CHECK(text.status == 400);
}

TEST_CASE("security: a body ends with its size, packed or not") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    const std::string line = Guarded::row("x") + "\n";
    std::string body;
    while (body.size() <= served.server().core().options().largest_body) {
        body += line + std::string(1 << 20, ' ');
    }
    CHECK(served.post("/v0/events?name=events&wait=true", gzipped(body)).status == 413);
    CHECK(served.rows("SELECT count() AS n FROM events") == Json::parse(R"([{"n":1}])"));
}

TEST_CASE("security: no path leads out of the API or the project") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    for (const char* path :
         {"/v0/pipes/../../etc/passwd", "/v0/pipes/..%2f..%2fetc%2fpasswd",
          "/v0/datasources/..%2fworkspaces.json", "/v0/pipes/%2e%2e/spend", "/../../etc/passwd",
          "/v0/pipes/spend.pipe%00.json", "//etc/passwd", "/v0/datasources/events.datasource/../../tokens"}) {
        INFO(path);
        const Asked asked = served.get(path);
        CHECK((asked.status == 404 || asked.status == 400 || asked.status == 403));
        CHECK(asked.body.find("root:") == std::string::npos);
    }
    for (const char* name :
         {"../x.pipe", "/etc/x.pipe", "pipes\\x.pipe", "pipes/../../x.pipe", "..", "a/..pipe"}) {
        INFO(name);
        CHECK(served.send("/v1/build", {{name, "NODE a\nSQL >\n    SELECT 1\n"}}).status == 400);
    }
}

TEST_CASE("security: tokens are compared in constant time, and in full") {
    const std::string token = "p.abc.def";
    CHECK(equal_in_constant_time(token, token));
    for (std::size_t size = 0; size < token.size(); ++size) {
        CHECK_FALSE(equal_in_constant_time(token, token.substr(0, size)));
        std::string other = token;
        other[size] = static_cast<char>(other[size] ^ 1);
        CHECK_FALSE(equal_in_constant_time(token, other));
    }
    // Every place where the server looks at a token goes by it: no table of them, and no `==`.
    for (const char* file : {"core.cpp", "access.cpp", "server.cpp", "routes_tokens.cpp"}) {
        const std::string source =
            read_text(std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "tool/server" / file);
        INFO(file);
        for (const char* comparison :
             {".text ==", "== token.text", "token ==", ".text.compare(", "signature =="}) {
            CHECK(source.find(comparison) == std::string::npos);
        }
    }
    const std::string core = read_text(std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "tool/server/core.cpp");
    CHECK(core.find("equal_in_constant_time(token, one.text)") != std::string::npos);
}

TEST_CASE("security: no answer to somebody without rights tells a token, a value or a workspace") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    const std::string tracker = served.get("/v0/tokens/tracker").json()["token"];
    for (const char* target :
         {"/v0/tokens", "/v0/variables", "/v0/sql?q=SELECT+*+FROM+events", "/v0/pipes/spend.json",
          "/v0/datasources/events", "/v1/deployments", "/v0/datasources/events.datasource"}) {
        for (const std::string& token : {tracker, std::string("p.none.none"), std::string()}) {
            INFO(target);
            const Asked asked = served.ask("GET", target, "", token);
            CHECK(asked.status == 403);
            for (const std::string& secret :
                 {served.admin(), served.other_token, std::string("mine"), served.other_database}) {
                CHECK(asked.body.find(secret) == std::string::npos);
            }
        }
    }
    CHECK(served.ask("GET", "/v0/sql?q=SELECT+id+FROM+events", "", served.other_token).body.find("mine") ==
          std::string::npos);
}

TEST_CASE("security: what the server tells its log holds no value of a row") {
    REQUIRE_ENGINE(library);
    Guarded served(library);
    auto files = small_project();
    file_of(files, "events.datasource").text +=
        "\nFORWARD_QUERY >\n    SELECT toUInt32(id) AS id, at, cost\n";
    std::string& text = file_of(files, "events.datasource").text;
    text.replace(text.find("`id` String"), std::string("`id` String").size(), "`id` UInt32");
    std::vector<server::FileProblem> problems;
    REQUIRE(served.server().load(files, problems).ok());
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().text.find("mine") == std::string::npos);
    CHECK(problems.front().text == "Error migrating data: rows do not convert (6 CANNOT_PARSE_TEXT)");
}
