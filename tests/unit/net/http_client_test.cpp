// The client against the server of this program, and against one that misbehaves, over real sockets of this
// machine.
#include "fault/proxy.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"

#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

using namespace birdhouse::net;
using birdhouse::testing::Fault;
using birdhouse::testing::FaultProxy;
using std::chrono::milliseconds;

namespace {

HttpResponse answer(const HttpRequest& request) {
    HttpResponse response;
    response.content_type = "text/plain";
    response.headers.emplace_back("X-RateLimit-Limit", "100");
    if (request.path == "/slow") {
        std::this_thread::sleep_for(milliseconds(400));
    }
    if (request.path == "/elsewhere") {
        response.status = 302;
        response.headers.emplace_back("Location", "http://127.0.0.1:1/");
    }
    response.body = request.method + " " + request.body;
    for (const FormPart& part : request.parts) {
        response.body += "|" + part.name + "/" + part.filename + ":" + part.content;
    }
    response.body += "|" + find(request.headers, "authorization").value_or("no token");
    response.body += "|" + find(request.headers, "content-type").value_or("no type");
    return response;
}

class RunningServer {
public:
    RunningServer() : server_(answer) {
        const auto port = server_.bind("127.0.0.1", 0);
        REQUIRE(port.ok());
        url_ = "http://127.0.0.1:" + std::to_string(*port);
        thread_ = std::thread([this] { server_.run(); });
    }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;
    ~RunningServer() { stop(); }
    void stop() {
        if (thread_.joinable()) {
            server_.stop();
            thread_.join();
        }
    }
    std::string url(const std::string& path) const { return url_ + path; }

private:
    HttpServer server_;
    std::string url_;
    std::thread thread_;
};

HttpCall call_to(std::string url) {
    HttpCall call;
    call.url = std::move(url);
    return call;
}

HttpResponse answered(const HttpOutcome& outcome) {
    if (const auto* failure = std::get_if<HttpFailure>(&outcome)) {
        FAIL(failure->message);
    }
    return std::get<HttpResponse>(outcome);
}

HttpFailure failed(const HttpOutcome& outcome) {
    REQUIRE(std::holds_alternative<HttpFailure>(outcome));
    return std::get<HttpFailure>(outcome);
}

} // namespace

TEST_CASE("a call carries its method, body, token and headers, and brings back status and headers") {
    RunningServer server;
    CurlClient client;
    HttpCall call = call_to(server.url("/v0/events?name=a"));
    call.method = "POST";
    call.body = "{\"a\":1}";
    call.token = "p.secret";
    call.headers.emplace_back("Content-Type", "application/x-ndjson");
    const HttpResponse response = answered(client.call(call));
    CHECK(response.status == 200);
    CHECK(response.body == "POST {\"a\":1}|Bearer p.secret|application/x-ndjson");
    CHECK(find(response.headers, "x-ratelimit-limit") == "100");
    CHECK(response.content_type == "text/plain");

    const HttpResponse get = answered(client.call(call_to(server.url("/"))));
    CHECK(get.body == "GET |no token|no type");
}

TEST_CASE("parts are sent as a form") {
    RunningServer server;
    CurlClient client;
    HttpCall call = call_to(server.url("/v1/build"));
    call.method = "POST";
    call.parts = {{"data_project://", "events.datasource", "SCHEMA >\n    `id` String"},
                  {"mode", "", "append"}};
    const HttpResponse response = answered(client.call(call));
    CHECK(response.body.starts_with("POST |data_project:///events.datasource:SCHEMA >\n    `id` "
                                    "String|mode/:append|no token|multipart/"));
}

TEST_CASE("a redirect is an answer: the token goes nowhere else") {
    RunningServer server;
    CurlClient client;
    HttpCall call = call_to(server.url("/elsewhere"));
    call.token = "p.secret";
    CHECK(answered(client.call(call)).status == 302);
}

TEST_CASE("a connection that nobody takes was never sent") {
    CurlClient client;
    HttpCall call = call_to("http://127.0.0.1:1/v0/events?token=p.secret");
    call.method = "POST";
    call.token = "p.other";
    const HttpFailure failure = failed(client.call(call));
    CHECK(failure.delivery == Delivery::NotSent);
    CHECK_FALSE(failure.timed_out);
    CHECK(failure.message.starts_with("POST http://127.0.0.1:1/v0/events: "));
    CHECK(failure.message.find("secret") == std::string::npos);
    CHECK(failure.message.find("other") == std::string::npos);
}

TEST_CASE("a call without an answer in time may have been carried out") {
    RunningServer server;
    CurlClient client;
    HttpCall call = call_to(server.url("/slow"));
    call.timeout = milliseconds(100);
    const HttpFailure failure = failed(client.call(call));
    CHECK(failure.timed_out);
    CHECK(failure.delivery == Delivery::Unknown);
    CHECK(failure.message.ends_with("no answer within 100 ms"));
}

TEST_CASE("a request to stop ends a call that is under way") {
    RunningServer server;
    std::stop_source stop;
    CurlClient client(stop.get_token());
    stop.request_stop();
    const HttpFailure failure = failed(client.call(call_to(server.url("/slow"))));
    CHECK(failure.cancelled);
}

TEST_CASE("only http and https are spoken") {
    CurlClient client;
    const HttpFailure failure = failed(client.call(call_to("file:///etc/passwd")));
    CHECK(failure.delivery == Delivery::NotSent);
}

TEST_CASE("a client goes on after its server was away") {
    auto server = std::make_unique<RunningServer>();
    CurlClient client;
    answered(client.call(call_to(server->url("/"))));
    const std::string gone = server->url("/");
    server.reset();
    failed(client.call(call_to(gone)));
    RunningServer other;
    CHECK(answered(client.call(call_to(other.url("/")))).status == 200);
}

TEST_CASE("a change over an open connection that is closed without an answer is not sent again by curl") {
    std::vector<HttpCall> changes(4);
    changes[0].method = "POST";
    changes[0].body = "{}";
    changes[1].method = "POST";
    changes[2].method = "POST";
    changes[2].parts = {{"a", "", "1"}};
    changes[3].method = "DELETE";
    for (HttpCall& change : changes) {
        CAPTURE(change.method, change.body, change.parts.size());
        std::atomic<std::size_t> delivered{0}; // by the thread of the proxy
        const auto count = [&](const HttpRequest& request) {
            delivered += request.method == "GET" ? 0U : 1U;
            return HttpResponse{200, "text/plain", "done", {}};
        };
        // The first call opens the connection.
        FaultProxy proxy(count,
                         [](std::size_t request) { return request == 0 ? Fault::None : Fault::DropAfter; });
        CurlClient client;
        answered(client.call(call_to(proxy.url())));
        change.url = proxy.url();
        const HttpFailure failure = failed(client.call(change));
        CHECK(failure.delivery == Delivery::Unknown);
        CHECK(failure.status == 0);
        CHECK(delivered == 1);
    }
}

TEST_CASE("an answer that breaks off tells its status once its head is whole") {
    for (const Fault fault : {Fault::CutHead, Fault::CutBody}) {
        FaultProxy proxy(
            [](const HttpRequest&) {
                return HttpResponse{202, "text/plain", "taken", {}};
            },
            [&](std::size_t) { return fault; });
        CurlClient client;
        const HttpFailure failure = failed(client.call(call_to(proxy.url())));
        CHECK(failure.delivery == Delivery::Unknown);
        CHECK(failure.status == (fault == Fault::CutBody ? 202 : 0));
    }
}

TEST_CASE("what is sent into a closed connection does not end the program") {
    FaultProxy proxy([](const HttpRequest&) { return HttpResponse(); },
                     [](std::size_t) { return Fault::DropBefore; });
    CurlClient client;
    HttpCall call = call_to(proxy.url());
    call.method = "POST";
    call.body = std::string(4 << 20U, 'x');
    for (int i = 0; i < 5; ++i) {
        failed(client.call(call));
    }
}
