// An HTTP server: sockets, threads and limits. What is answered is the handler's business.
#pragma once

#include "base/result.hpp"
#include "net/http.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace birdhouse::net {

struct ServerLimits {
    std::size_t largest_body = std::size_t{100} << 20U; // bytes, after gzip is unpacked
    std::size_t largest_part_count = 10'000;
    int read_timeout_seconds = 30;
    int write_timeout_seconds = 30;
    std::size_t threads = 64;                 // one serves a connection for as long as it stays open
    std::size_t requests_of_connection = 200; // then it is closed, so that those that wait get their turn
};

// Called by several threads at once.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

class HttpServer {
public:
    explicit HttpServer(HttpHandler handler, ServerLimits limits = {});
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Takes the port; 0 takes any that is free. Gives the port that was taken.
    Result<std::uint16_t> bind(const std::string& host, std::uint16_t port);
    // Answers until `stop`. After `bind`.
    void run();
    // May be called by any thread. Requests that are being answered are ended first.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace birdhouse::net
