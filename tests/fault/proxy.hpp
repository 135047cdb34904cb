// An HTTP server of loopback that misbehaves as it is told: it drops requests before or after they are
// delivered, cuts answers off, leaves them out, or refuses. Connections stay open between requests, as
// servers keep them.
#pragma once

#include "net/http.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace birdhouse::testing {

enum class Fault : std::uint8_t {
    None,
    DropBefore,  // the connection is closed, and the request was never seen
    DropAfter,   // it was carried out, and the connection is closed without an answer
    NoAnswer,    // it was carried out, and the connection stays open without an answer
    CutHead,     // it was carried out, and the answer breaks off in its head
    CutBody,     // it was carried out, and the answer breaks off behind its head
    TooMany,     // 429 with Retry-After: not carried out
    TooManyBare, // 429 without: not carried out
    Busy,        // 503: not carried out
    FailBefore,  // 500: not carried out
    FailAfter,   // 500: carried out all the same
    Partly,      // 422: carried out in part, as far as the client knows
};

class FaultProxy {
public:
    using Upstream = std::function<net::HttpResponse(const net::HttpRequest&)>;
    // What becomes of the request of this number, from 0.
    using Choose = std::function<Fault(std::size_t request)>;

    FaultProxy(Upstream upstream, Choose choose);
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;
    ~FaultProxy();

    const std::string& url() const { return url_; }
    std::size_t requests() const { return requests_; }

private:
    void run();
    // False: the connection is to be closed.
    bool serve(int connection);
    bool answer(int connection, Fault fault, const net::HttpRequest& request);

    Upstream upstream_;
    Choose choose_;
    std::string url_;
    std::atomic<std::size_t> requests_ = 0;
    int listening_ = -1;
    int wake_[2] = {-1, -1};
    std::thread thread_;
};

// The Events API without a database: counts how often each row came.
class CountingEvents {
public:
    // Requests larger than this, unpacked, are refused with 413.
    explicit CountingEvents(std::size_t largest = SIZE_MAX) : largest_(largest) {}

    net::HttpResponse take(const net::HttpRequest& request);
    std::map<std::string, std::size_t> rows() const;
    std::size_t requests() const;

private:
    mutable std::mutex mutex_;
    std::size_t largest_;
    std::map<std::string, std::size_t> rows_;
    std::size_t requests_ = 0;
};

} // namespace birdhouse::testing
