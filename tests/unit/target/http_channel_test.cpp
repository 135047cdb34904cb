#include "target/http_channel.hpp"

#include <deque>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

struct Wire {
    std::vector<net::HttpCall> calls;
    std::deque<net::HttpOutcome> answers;
    std::vector<std::chrono::milliseconds> waits;
};

class FakeClient final : public net::HttpClient {
public:
    explicit FakeClient(Wire& wire) : wire_(wire) {}
    net::HttpOutcome call(const net::HttpCall& call) override {
        wire_.calls.push_back(call);
        if (wire_.answers.empty()) {
            return net::HttpResponse{200, "", "", {}};
        }
        net::HttpOutcome answer = std::move(wire_.answers.front());
        wire_.answers.pop_front();
        return answer;
    }

private:
    Wire& wire_;
};

class FakeWaiting final : public net::Waiting {
public:
    explicit FakeWaiting(Wire& wire) : wire_(wire) {}
    bool wait(std::chrono::milliseconds time) override {
        wire_.waits.push_back(time);
        return true;
    }
    double chance() override { return 0; }
    std::chrono::system_clock::time_point now() override { return {}; }

private:
    Wire& wire_;
};

model::TargetSettings settings() {
    model::TargetSettings made;
    made.name = "production";
    made.kind = model::TargetKind::ClickHouse;
    made.url = "https://ch.example:8443";
    made.user = "writer";
    made.settings = {{"max_threads", "2", {}}};
    return made;
}

target::HttpSqlChannel channel_to(Wire& wire, const model::TargetSettings& with,
                                  const std::string& password) {
    return {std::make_unique<FakeClient>(wire), std::make_unique<FakeWaiting>(wire), with, "my shop",
            password};
}

net::HttpResponse refusal(int status, const std::string& code, const std::string& text) {
    return {status, "text/plain", text, {{"x-clickhouse-exception-code", code}}};
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a statement carries its database, settings and parameters, and the password in a header alone") {
    Wire wire;
    target::HttpSqlChannel channel = channel_to(wire, settings(), "open sesame");
    const std::vector<target::Parameter> bound = {{"name", "a\\tb&c"}};
    REQUIRE(channel.query("SELECT {name:String}", "JSONEachRow", bound).ok());
    REQUIRE(wire.calls.size() == 1);
    const net::HttpCall& call = wire.calls[0];
    CHECK(call.url.starts_with("https://ch.example:8443/?database=my%20shop&"));
    for (const char* part : {"&wait_end_of_query=1", "&mutations_sync=1", "&alter_sync=1", "&async_insert=0",
                             "&session_timezone=UTC", "&max_threads=2", "&param_name=a%5Ctb%26c"}) {
        INFO(part);
        CHECK(holds(call.url, part));
    }
    CHECK_FALSE(holds(call.url, "quorum"));
    CHECK_FALSE(holds(call.url, "sesame"));
    CHECK(call.body == "SELECT {name:String}");
    CHECK(net::find(call.headers, "X-ClickHouse-Format") == "JSONEachRow");
    CHECK(net::find(call.headers, "X-ClickHouse-User") == "writer");
    CHECK(net::find(call.headers, "X-ClickHouse-Key") == "open sesame");
}

TEST_CASE("a replicated target waits for all replicas, and reads what any of them was told") {
    Wire wire;
    model::TargetSettings replicated = settings();
    replicated.replicated = true;
    target::HttpSqlChannel channel = channel_to(wire, replicated, "");
    REQUIRE(channel.execute("SELECT 1").ok());
    for (const char* part :
         {"&mutations_sync=2", "&alter_sync=2", "&insert_quorum=auto", "&select_sequential_consistency=1"}) {
        INFO(part);
        CHECK(holds(wire.calls[0].url, part));
    }
}

TEST_CASE("errors have the server's code and name, and never the password") {
    Wire wire;
    target::HttpSqlChannel channel = channel_to(wire, settings(), "opensesame");
    wire.answers.push_back(
        refusal(404, "60",
                "Code: 60. DB::Exception: Unknown table expression identifier 'opensesame'. "
                "(UNKNOWN_TABLE) (version 25.8.1.1)\n"));
    const auto unknown = channel.query("SELECT * FROM t", "TSV", {});
    REQUIRE_FALSE(unknown.ok());
    CHECK(unknown.error().message ==
          "the engine refused: Unknown table expression identifier '***' (60 UNKNOWN_TABLE)");

    wire.answers.push_back(net::HttpResponse{502, "text/html", "<html>Bad Gateway</html>", {}});
    wire.answers.push_back(net::HttpResponse{401, "text/html", "<html>Log in</html>", {}});
    const auto proxied = channel.insert("INSERT INTO t", "TSV", "1\n");
    REQUIRE_FALSE(proxied.ok());
    CHECK(proxied.error().message == "target `production` answered with 502: <html>Bad Gateway</html>");
    CHECK(proxied.error().code == ExitCode::Failed);
}

TEST_CASE("a read is asked again after a failure, a change whose fate is not known is not") {
    Wire wire;
    target::HttpSqlChannel channel = channel_to(wire, settings(), "");
    const net::HttpFailure unknown{net::Delivery::Unknown, true, false, 0, "POST https://ch: no answer"};
    wire.answers = {unknown, net::HttpResponse{200, "", "1\n", {}}};
    const auto read = channel.query("SELECT 1", "TSV", {});
    REQUIRE(read.ok());
    CHECK(read->bytes == "1\n");
    CHECK(wire.calls.size() == 2);
    wire.answers = {unknown};
    const auto changed = channel.execute("ALTER TABLE t DROP COLUMN c");
    REQUIRE_FALSE(changed.ok());
    CHECK(wire.calls.size() == 3);
    CHECK(holds(changed.error().hint, "may have been carried out"));
}

TEST_CASE("rows read and written are those of the server's summary") {
    Wire wire;
    target::HttpSqlChannel channel = channel_to(wire, settings(), "");
    const net::Fields summary = {
        {"x-clickhouse-summary",
         R"({"read_rows":"12","read_bytes":"96","written_rows":"3","elapsed_ns":"2000000"})"}};
    wire.answers = {net::HttpResponse{200, "", "x", summary}, net::HttpResponse{200, "", "", summary}};
    const auto read = channel.query("SELECT 1", "TSV", {});
    REQUIRE(read.ok());
    CHECK(read->rows_read == 12);
    CHECK(read->bytes_read == 96);
    CHECK(read->elapsed_seconds == Approx(0.002));
    const auto written = channel.insert("INSERT INTO t (a)", "JSONEachRow", "{\"a\": 1}\n");
    REQUIRE(written.ok());
    CHECK(*written == 3);
    CHECK(holds(wire.calls[1].url, "&query=INSERT%20INTO%20t%20%28a%29%20FORMAT%20JSONEachRow"));
    CHECK(wire.calls[1].body == "{\"a\": 1}\n");
}

TEST_CASE(
    "pitfall 13: a cluster that takes longer than the time-out is waited for, not taken for a failure") {
    Wire wire;
    model::TargetSettings cluster = settings();
    cluster.cluster = "all";
    target::HttpSqlChannel channel = channel_to(wire, cluster, "");
    const net::HttpResponse timed_out =
        refusal(500, "159",
                "Code: 159. DB::Exception: Watching task /clickhouse/task_queue/ddl/query-0000000042 is "
                "executing longer than distributed_ddl_task_timeout (=180) seconds. There are 1 unfinished "
                "hosts. (TIMEOUT_EXCEEDED) (version 25.8.1.1)");
    SECTION("until every server is through") {
        wire.answers = {timed_out, net::HttpResponse{200, "", "1\t\n", {}},
                        net::HttpResponse{200, "", "0\t\n", {}}};
        REQUIRE(channel.execute("ALTER TABLE `a`.`t` DROP COLUMN c").ok());
        REQUIRE(wire.calls.size() == 3);
        CHECK(wire.calls[0].body == "ALTER TABLE `a`.`t` ON CLUSTER `all` DROP COLUMN c");
        CHECK(holds(wire.calls[1].url, "&param_task=query-0000000042"));
        CHECK(holds(wire.calls[1].url, "&param_cluster=all"));
        CHECK(wire.waits.size() == 1);
    }
    SECTION("or one of them has failed") {
        wire.answers = {timed_out, net::HttpResponse{200,
                                                     "",
                                                     "1\tCode: 10. DB::Exception: Wrong column name. "
                                                     "(NOT_FOUND_COLUMN_IN_BLOCK)\n",
                                                     {}}};
        const auto failed = channel.execute("ALTER TABLE t DROP COLUMN c");
        REQUIRE_FALSE(failed.ok());
        CHECK(failed.error().message ==
              "the engine refused: Wrong column name (10 NOT_FOUND_COLUMN_IN_BLOCK)");
    }
    SECTION("and a time-out of the statement itself is one") {
        wire.answers = {refusal(500, "159",
                                "Code: 159. DB::Exception: Timeout exceeded: elapsed 10 seconds. "
                                "(TIMEOUT_EXCEEDED)")};
        CHECK_FALSE(channel.execute("ALTER TABLE t DROP COLUMN c").ok());
        CHECK(wire.calls.size() == 1);
    }
}
