// The server over real sockets of this machine: bodies, parts, limits.
#include "net/http_server.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace birdhouse::net;

namespace {

// Answers with what it was asked.
HttpResponse echo(const HttpRequest& request) {
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = request.method + " " + request.path;
    for (const auto& [name, value] : request.query) {
        response.body += " " + name + "=" + value;
    }
    response.body += "|" + request.body;
    for (const FormPart& part : request.parts) {
        response.body += "|" + part.name + "/" + part.filename + ":" + part.content;
    }
    return response;
}

class RunningServer {
public:
    explicit RunningServer(ServerLimits limits = {}) : server_(echo, limits) {
        const auto port = server_.bind("127.0.0.1", 0);
        REQUIRE(port.ok());
        url_ = "http://127.0.0.1:" + std::to_string(*port);
        thread_ = std::thread([this] { server_.run(); });
    }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;
    ~RunningServer() {
        server_.stop();
        thread_.join();
    }
    const std::string& url() const { return url_; }
    std::uint16_t port() const {
        return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
    }

private:
    HttpServer server_;
    std::string url_;
    std::thread thread_;
};

struct Answer {
    long status = 0;
    std::string body;
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* into) {
    static_cast<std::string*>(into)->append(bytes, size * count);
    return size * count;
}

struct CurlEnd {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Curl = std::unique_ptr<CURL, CurlEnd>;

Answer perform(const Curl& curl, const std::string& url) {
    Answer answer;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
    REQUIRE(curl_easy_perform(curl.get()) == CURLE_OK);
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

Answer post(const std::string& url, const std::string& body) {
    const Curl curl(curl_easy_init());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str()); // as curl -d: a form by its type
    return perform(curl, url);
}

// The connection by which these bytes went.
int send_raw(const RunningServer& server, const std::string& bytes) {
    const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
    return connection;
}

// All that comes back, until the server closes the connection.
std::string read_all(int connection) {
    std::string answer;
    std::array<char, 4096> part{};
    for (ssize_t size = 0; (size = ::recv(connection, part.data(), part.size(), 0)) > 0;) {
        answer.append(part.data(), static_cast<std::size_t>(size));
    }
    ::close(connection);
    return answer;
}

std::string ask_raw(const RunningServer& server, const std::string& bytes) {
    return read_all(send_raw(server, bytes));
}

std::string head(const std::string& first, const std::string& headers) {
    return first + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

const std::string kSmuggled = head("GET /smuggled", "Connection: close\r\n");

} // namespace

TEST_CASE("security: header and body confusion: what says two things of a body is refused, and nothing after "
          "it read") {
    const RunningServer server;
    const std::string length = "Content-Length: " + std::to_string(kSmuggled.size()) + "\r\n";
    std::vector<std::pair<std::string, int>> asked; // all at one time: the server waits for more on each
    for (const std::string& headers :
         {"Content-Length: 0\r\n" + length, length + length, length + "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\n" + length, std::string("Transfer-Encoding: xchunked\r\n"),
          std::string("Transfer-Encoding: chunked, identity\r\n"),
          std::string("Transfer-Encoding: chunked\r\ntransfer-encoding: chunked\r\n"),
          std::string("Content-Length: +5\r\n"), std::string("Content-Length: 0x5\r\n"),
          std::string("Content-Length: 5, 5\r\n"), std::string("Content-Length: -1\r\n"),
          std::string("Content-Length: 99999999999999999999\r\n"),
          std::string("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"),
          std::string("host: b\r\n")}) {
        asked.emplace_back(headers, send_raw(server, head("POST /v0/events", headers) + kSmuggled));
    }
    for (const auto& [headers, connection] : asked) {
        INFO(headers);
        const std::string answer = read_all(connection);
        CHECK(answer.starts_with("HTTP/1.1 400 "));
        CHECK(answer.find("Content-Type: application/json") != std::string::npos);
        CHECK(answer.find("smuggled") == std::string::npos);
        CHECK(answer.find("HTTP/1.1 ", 1) == std::string::npos);
    }
    // More than the library reads at once: the rest of it must not be taken for a request.
    std::string much = head("POST /v0/events", length + length);
    while (much.size() < 20'000) {
        much += kSmuggled;
    }
    CHECK(ask_raw(server, much).find("smuggled") == std::string::npos);
    const std::string with_body = ask_raw(server, head("GET /v0/pipes", length) + kSmuggled);
    CHECK(with_body.starts_with("HTTP/1.1 400 "));
    CHECK(with_body.find("smuggled") == std::string::npos);
}

TEST_CASE("a request that says of no body has none, and is answered at once") {
    const RunningServer server;
    for (const char* method : {"POST", "PUT", "DELETE", "GET"}) {
        INFO(method);
        const std::string answer =
            ask_raw(server, head(std::string(method) + " /a", "Connection: close\r\n"));
        CHECK(answer.find(std::string(method) + " /a|") != std::string::npos);
    }
    const std::string chunked =
        ask_raw(server, head("POST /a", "Connection: close\r\nTransfer-Encoding: chunked\r\n") +
                            "3\r\nabc\r\n0\r\n\r\n");
    CHECK(chunked.find("POST /a|abc") != std::string::npos);
}

TEST_CASE("a query is decoded and keeps its order") {
    const RunningServer server;
    const Curl curl(curl_easy_init());
    CHECK(perform(curl, server.url() + "/v0/a%20b?z=1&a=x%26y&z=2").body == "GET /v0/a b z=1 a=x&y z=2|");
}

TEST_CASE("a body that claims to be a form stays what it is, however long") {
    const RunningServer server;
    const std::string events(100'000, 'e');
    const Answer answer = post(server.url() + "/v0/events?name=a", events);
    CHECK(answer.status == 200);
    CHECK(answer.body == "POST /v0/events name=a|" + events);
}

TEST_CASE("the parts of a multipart body come in order, of one name or not") {
    const RunningServer server;
    const Curl curl(curl_easy_init());
    curl_mime* const mime = curl_mime_init(curl.get());
    for (const char* file : {"b.pipe", "a.pipe"}) {
        curl_mimepart* const part = curl_mime_addpart(mime);
        curl_mime_name(part, "data_project://");
        curl_mime_filename(part, file);
        curl_mime_data(part, file, CURL_ZERO_TERMINATED);
    }
    curl_easy_setopt(curl.get(), CURLOPT_MIMEPOST, mime);
    CHECK(perform(curl, server.url() + "/v1/build").body ==
          "POST /v1/build||data_project:///b.pipe:b.pipe|data_project:///a.pipe:a.pipe");
    curl_mime_free(mime);
}

TEST_CASE("a body beyond the limit is refused with 413") {
    ServerLimits limits;
    limits.largest_body = 1000;
    const RunningServer server(limits);
    CHECK(post(server.url() + "/", std::string(1000, 'a')).status == 200);
    CHECK(post(server.url() + "/", std::string(1001, 'a')).status == 413);
}

TEST_CASE("a path beyond the limit is refused with 414") {
    const RunningServer server;
    const Curl curl(curl_easy_init());
    CHECK(perform(curl, server.url() + "/" + std::string(3000, 'a')).status == 414);
}

TEST_CASE("a port that is taken is said to be") {
    HttpServer first(echo);
    const auto port = first.bind("127.0.0.1", 0);
    REQUIRE(port.ok());
    HttpServer second(echo);
    const auto taken = second.bind("127.0.0.1", *port);
    REQUIRE_FALSE(taken.ok());
    CHECK(taken.error().message.find("cannot listen on 127.0.0.1:") == 0);
}

TEST_CASE("a connection that never rests gives way to those that wait") {
    ServerLimits limits;
    limits.threads = 1;
    limits.requests_of_connection = 5;
    const RunningServer server(limits);
    const Curl busy(curl_easy_init());
    REQUIRE(perform(busy, server.url() + "/busy").status == 200); // the one thread is this connection's now
    std::atomic<bool> answered{false};
    std::thread waiting([&] {
        const Curl curl(curl_easy_init());
        curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
        curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
        curl_easy_setopt(curl.get(), CURLOPT_URL, (server.url() + "/waiting").c_str());
        answered = curl_easy_perform(curl.get()) == CURLE_OK;
    });
    constexpr int kMost = 20'000; // far more than it takes; without the limit they would all come first
    int requests = 0;
    while (!answered && requests < kMost) {
        ++requests;
        CHECK(perform(busy, server.url() + "/busy").status == 200);
    }
    waiting.join();
    CHECK(answered);
    CHECK(requests < kMost);
}

TEST_CASE("a server that is stopped before it listens ends") {
    for (int i = 0; i < 50; ++i) {
        const RunningServer server;
    }
    HttpServer never_run(echo);
    REQUIRE(never_run.bind("127.0.0.1", 0).ok());
    never_run.stop();
    never_run.run();
}
