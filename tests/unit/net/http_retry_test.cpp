// When a call is sent again: the table of http_retry.hpp, row by row.
#include "net/http_retry.hpp"

#include <deque>

#include <catch2/catch.hpp>

using namespace birdhouse::net;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

HttpOutcome status(int code, Fields headers = {}) {
    HttpResponse response;
    response.status = code;
    response.headers = std::move(headers);
    return response;
}
HttpOutcome lost(Delivery delivery) { return HttpFailure{delivery, false, false, 0, "lost"}; }
HttpOutcome broken_off(int code) { return HttpFailure{Delivery::Unknown, false, false, code, "lost"}; }

// Plays outcomes in turn, and counts the calls.
class PlayedClient final : public HttpClient {
public:
    explicit PlayedClient(std::deque<HttpOutcome> outcomes) : outcomes_(std::move(outcomes)) {}
    HttpOutcome call(const HttpCall&) override {
        ++calls;
        HttpOutcome outcome = outcomes_.front();
        if (outcomes_.size() > 1) {
            outcomes_.pop_front();
        }
        return outcome;
    }
    int calls = 0;

private:
    std::deque<HttpOutcome> outcomes_;
};

// Notes the waits, and waits for none of them.
class NotedWaiting final : public Waiting {
public:
    bool wait(milliseconds time) override {
        waits.push_back(time);
        return !stopped;
    }
    double chance() override { return chance_value; }
    std::chrono::system_clock::time_point now() override {
        return std::chrono::system_clock::from_time_t(1'792'569'600); // Wed, 21 Oct 2026 08:00:00 GMT
    }
    std::vector<milliseconds> waits;
    double chance_value = 1;
    bool stopped = false;
};

} // namespace

TEST_CASE("what may be sent again is what cannot be done twice by it") {
    using enum RetryRule;
    struct Row {
        HttpOutcome outcome;
        bool read, events, change;
    };
    const std::vector<Row> table{
        {lost(Delivery::NotSent), true, true, true},
        {lost(Delivery::Unknown), true, false, false},
        {status(429), true, true, true},
        {status(503), true, true, false},
        {status(500), true, false, false},
        {status(502), true, false, false},
        {status(504), true, false, false},
        {status(408), true, false, false},
        {status(200), false, false, false},
        {status(202), false, false, false},
        {status(400), false, false, false},
        {status(403), false, false, false},
        {status(404), false, false, false},
        {status(413), false, false, false},
        {status(422), false, false, false},
        {broken_off(200), true, false, false},
        {broken_off(429), true, true, true},
        {broken_off(503), true, true, false},
        {broken_off(500), true, false, false},
    };
    for (std::size_t i = 0; i < table.size(); ++i) {
        CAPTURE(i);
        CHECK(may_repeat(Read, table[i].outcome) == table[i].read);
        CHECK(may_repeat(Events, table[i].outcome) == table[i].events);
        CHECK(may_repeat(Change, table[i].outcome) == table[i].change);
    }
    CHECK_FALSE(may_repeat(Read, HttpFailure{Delivery::Unknown, false, true, 0, "stopped"}));
}

TEST_CASE("the wait that a server asks for") {
    NotedWaiting waiting;
    const auto asked = [&](int code, Fields headers) {
        HttpResponse response;
        response.status = code;
        response.headers = std::move(headers);
        return wait_asked_for(response, waiting.now());
    };
    CHECK(asked(429, {{"retry-after", "3"}}) == seconds(3));
    CHECK(asked(503, {{"retry-after", "0"}}) == seconds(0));
    CHECK(asked(429, {{"retry-after", "Wed, 21 Oct 2026 08:00:05 GMT"}}) == seconds(5));
    CHECK(asked(429, {{"retry-after", "Wed, 21 Oct 2026 07:59:00 GMT"}}) == seconds(0));
    CHECK(asked(429, {{"x-ratelimit-reset", "2"}}) == seconds(2));
    CHECK(asked(429, {{"retry-after", "1"}, {"x-ratelimit-reset", "9"}}) == seconds(1));
    CHECK_FALSE(asked(503, {{"x-ratelimit-reset", "2"}}));
    CHECK_FALSE(asked(429, {{"retry-after", "soon"}}));
    CHECK_FALSE(asked(429, {{"retry-after", "-1"}}));
    CHECK_FALSE(asked(429, {{"retry-after", "nan"}}));
    CHECK_FALSE(asked(429, {}));
}

TEST_CASE("waits double, up to the longest, and chance shortens them") {
    NotedWaiting waiting;
    RetryPolicy policy{RetryRule::Read, 6, milliseconds(100), milliseconds(1'000)};
    PlayedClient client({status(502)});
    call_with_retries(client, {}, policy, waiting);
    CHECK(client.calls == 6);
    CHECK(waiting.waits == std::vector<milliseconds>{milliseconds(100), milliseconds(200), milliseconds(400),
                                                     milliseconds(800), milliseconds(1'000)});
    waiting.waits.clear();
    waiting.chance_value = 0;
    call_with_retries(client, {}, {RetryRule::Read, 2, milliseconds(100), milliseconds(1'000)}, waiting);
    CHECK(waiting.waits == std::vector<milliseconds>{milliseconds(50)});
}

TEST_CASE("the first answer that stands is taken") {
    NotedWaiting waiting;
    PlayedClient client({status(429, {{"retry-after", "1"}}), lost(Delivery::NotSent), status(202)});
    const HttpOutcome outcome = call_with_retries(client, {}, {RetryRule::Events}, waiting);
    CHECK(std::get<HttpResponse>(outcome).status == 202);
    CHECK(client.calls == 3);
    CHECK(waiting.waits.front() == seconds(1));
}

TEST_CASE("a server that asks for more than the longest wait is not waited for") {
    NotedWaiting waiting;
    PlayedClient client({status(429, {{"retry-after", "3600"}})});
    call_with_retries(client, {}, {RetryRule::Events}, waiting);
    CHECK(client.calls == 1);
    CHECK(waiting.waits.empty());
}

TEST_CASE("a request to stop ends the waiting") {
    NotedWaiting waiting;
    waiting.stopped = true;
    PlayedClient client({status(503)});
    call_with_retries(client, {}, {RetryRule::Events}, waiting);
    CHECK(client.calls == 1);

    std::stop_source stop;
    stop.request_stop();
    RealWaiting real(stop.get_token());
    CHECK_FALSE(real.wait(std::chrono::hours(1)));
    CHECK(real.chance() < 1);
}
