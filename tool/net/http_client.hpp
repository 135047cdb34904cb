// HTTP calls to other machines. A call is answered, or it failed; a failure says whether the other side may
// have got it, because only that decides if it may be sent again (http_retry.hpp).
#pragma once

#include "net/http.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace birdhouse::net {

struct HttpCall {
    std::string method = "GET";
    std::string url; // holds no secret: messages show it, without its query
    Fields headers;
    std::string body;
    std::vector<FormPart> parts;               // sent as multipart/form-data, in place of `body`
    std::string token;                         // sent as `Authorization: Bearer`; no message shows it
    std::chrono::milliseconds timeout{30'000}; // for the whole exchange
};

enum class Delivery : std::uint8_t {
    NotSent, // no connection was made: the other side knows nothing of the call
    Unknown, // it may have been carried out
};

struct HttpFailure {
    Delivery delivery = Delivery::Unknown;
    bool timed_out = false;
    bool cancelled = false;
    int status = 0;      // of an answer whose head came whole, and whose body did not; 0: none
    std::string message; // lower case, one line: "could not connect to http://localhost:7181/v0/events: ..."
};

using HttpOutcome = std::variant<HttpResponse, HttpFailure>;

class HttpClient {
public:
    virtual ~HttpClient() = default;
    HttpClient() = default;
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Redirects are not followed: a token must not travel to another host.
    virtual HttpOutcome call(const HttpCall& call) = 0;
};

// Over libcurl. Connections stay open from call to call; one call at a time. Proxies and certificates are as
// curl has them (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE). A request to stop ends a call that is under way.
//
// curl by itself sends a call once more when an open connection is closed without an answer, since most often
// it was closed before the call. A call that changes something may have been carried out, so it must not:
// bodies are given in a way that cannot be repeated, and a change without a body gets a connection of its
// own.
class CurlClient final : public HttpClient {
public:
    explicit CurlClient(std::stop_token stop = {}, std::string user_agent = "birdhouse");
    ~CurlClient() override;

    HttpOutcome call(const HttpCall& call) override;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace birdhouse::net
