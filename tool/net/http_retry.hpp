// Sending a call again, only where that cannot do twice what was asked once.
//
//   outcome                       Read    Events   Change   source
//   no connection was made        again   again    again    nothing was sent
//   no answer, delivery unknown   again   -        -        it may have been carried out
//   429                           again   again    again    api: nothing was done
//   503                           again   again    -        events: nothing was written
//   500                           again   -        -        events: what was written is not known
//   408, 502, 504, 598, 599       again   -        -        a proxy gave up; the server may not have
//   any other status              -       -        -        the answer is the answer
//   an answer that broke off      again   as its status     its head came whole, and says what was done
//
// A wait that the server asks for (Retry-After, or X-RateLimit-Reset with 429) is obeyed; otherwise waits
// double, each shortened by chance so that many clients do not come back at once.
#pragma once

#include "net/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace birdhouse::net {

enum class RetryRule : std::uint8_t {
    Read,   // changes nothing on the other side
    Events, // POST /v0/events
    Change, // any other call that changes something
};

struct RetryPolicy {
    RetryRule rule = RetryRule::Change;
    int attempts = 6; // the first one included
    std::chrono::milliseconds first_wait{250};
    std::chrono::milliseconds longest_wait{30'000}; // a server that asks for more is not waited for
};

// Time and chance, so that neither a test nor a cancelled run has to sleep.
class Waiting {
public:
    virtual ~Waiting() = default;
    Waiting() = default;
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    // False when the wait was cut short by a request to stop.
    virtual bool wait(std::chrono::milliseconds time) = 0;
    virtual double chance() = 0; // from 0 up to 1
    virtual std::chrono::system_clock::time_point now() = 0;
};

// May this outcome be followed by the same call again?
bool may_repeat(RetryRule rule, const HttpOutcome& outcome);

// What the server asks for: seconds or an HTTP date in Retry-After, seconds in X-RateLimit-Reset.
std::optional<std::chrono::milliseconds> wait_asked_for(const HttpResponse& response,
                                                        std::chrono::system_clock::time_point now);

// How long to wait before attempt `attempt` + 1; nothing when the outcome is the last word.
std::optional<std::chrono::milliseconds> wait_before_repeat(const RetryPolicy& policy, int attempt,
                                                            const HttpOutcome& outcome, Waiting& waiting);

// The last outcome.
HttpOutcome call_with_retries(HttpClient& client, const HttpCall& call, const RetryPolicy& policy,
                              Waiting& waiting);

// The real one.
class RealWaiting final : public Waiting {
public:
    explicit RealWaiting(std::stop_token stop = {}) : stop_(std::move(stop)) {}
    bool wait(std::chrono::milliseconds time) override;
    double chance() override;
    std::chrono::system_clock::time_point now() override { return std::chrono::system_clock::now(); }

private:
    std::stop_token stop_;
};

} // namespace birdhouse::net
