#include "net/http_retry.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <random>

namespace birdhouse::net {

namespace {

using std::chrono::milliseconds;

bool may_repeat_status(RetryRule rule, int status) {
    constexpr std::array kProxyGaveUp{408, 500, 502, 504, 598, 599};
    if (status == 429) {
        return true;
    }
    if (status == 503) {
        return rule != RetryRule::Change;
    }
    return rule == RetryRule::Read &&
           std::find(kProxyGaveUp.begin(), kProxyGaveUp.end(), status) != kProxyGaveUp.end();
}

std::optional<milliseconds> seconds_in(std::string_view text) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr double kDay = 86'400;
    if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0) || seconds > kDay) {
        return std::nullopt;
    }
    return milliseconds(static_cast<std::int64_t>(seconds * 1'000));
}

// `Wed, 21 Oct 2026 07:28:00 GMT`
std::optional<std::chrono::system_clock::time_point> http_date_in(const std::string& text) {
    std::tm parts{};
    const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') {
        return std::nullopt;
    }
    return std::chrono::system_clock::from_time_t(timegm(&parts));
}

} // namespace

bool may_repeat(RetryRule rule, const HttpOutcome& outcome) {
    if (const auto* response = std::get_if<HttpResponse>(&outcome)) {
        return may_repeat_status(rule, response->status);
    }
    const auto& failure = std::get<HttpFailure>(outcome);
    if (failure.cancelled) {
        return false;
    }
    if (rule == RetryRule::Read || failure.delivery == Delivery::NotSent) {
        return true;
    }
    return failure.status != 0 && may_repeat_status(rule, failure.status);
}

std::optional<milliseconds> wait_asked_for(const HttpResponse& response,
                                           std::chrono::system_clock::time_point now) {
    if (const std::optional<std::string> after = find(response.headers, "retry-after")) {
        if (const std::optional<milliseconds> seconds = seconds_in(*after)) {
            return seconds;
        }
        if (const auto date = http_date_in(*after)) {
            return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(*date - now));
        }
    }
    if (response.status != 429) {
        return std::nullopt; // X-RateLimit-Reset comes with every answer, and means nothing with the others
    }
    const std::optional<std::string> reset = find(response.headers, "x-ratelimit-reset");
    return reset ? seconds_in(*reset) : std::nullopt;
}

std::optional<milliseconds> wait_before_repeat(const RetryPolicy& policy, int attempt,
                                               const HttpOutcome& outcome, Waiting& waiting) {
    if (attempt >= policy.attempts || !may_repeat(policy.rule, outcome)) {
        return std::nullopt;
    }
    if (const auto* response = std::get_if<HttpResponse>(&outcome)) {
        if (const std::optional<milliseconds> asked = wait_asked_for(*response, waiting.now())) {
            return *asked > policy.longest_wait ? std::nullopt : asked;
        }
    }
    constexpr int kMostDoublings = 20;
    const std::int64_t doubled = policy.first_wait.count() << std::min(attempt - 1, kMostDoublings);
    const auto longest = static_cast<double>(std::min(doubled, std::int64_t{policy.longest_wait.count()}));
    return milliseconds(static_cast<std::int64_t>(longest * (0.5 + waiting.chance() / 2)));
}

HttpOutcome call_with_retries(HttpClient& client, const HttpCall& call, const RetryPolicy& policy,
                              Waiting& waiting) {
    for (int attempt = 1;; ++attempt) {
        HttpOutcome outcome = client.call(call);
        const std::optional<milliseconds> wait = wait_before_repeat(policy, attempt, outcome, waiting);
        if (!wait || !waiting.wait(*wait)) {
            return outcome;
        }
    }
}

bool RealWaiting::wait(milliseconds time) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any woken;
    woken.wait_for(lock, stop_, time, [] { return false; });
    return !stop_.stop_requested();
}

double RealWaiting::chance() {
    thread_local std::minstd_rand random(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(random);
}

} // namespace birdhouse::net
