#include "ops/events_call.hpp"

#include "base/text.hpp"
#include "events/deflate.hpp"
#include "net/http_client.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using std::chrono::milliseconds;

// Letters, digits and what a name of a datasource or its id holds.
std::string percent_encoded(std::string_view name) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.~";
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char sign : name) {
        const auto byte = static_cast<unsigned char>(sign);
        encoded += kPlain.find(sign) != std::string_view::npos
                       ? std::string(1, sign)
                       : std::string{'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
    return encoded;
}

std::optional<EventsAnswer::Counts> counts_in(std::string_view body) {
    const nlohmann::json json = nlohmann::json::parse(body, nullptr, false);
    const auto number = [&](const char* key) -> std::optional<std::uint64_t> {
        const auto found = json.is_object() ? json.find(key) : json.end();
        return found != json.end() && found->is_number_unsigned() ? std::optional(found->get<std::uint64_t>())
                                                                  : std::nullopt;
    };
    const auto successful = number("successful_rows");
    const auto quarantined = number("quarantined_rows");
    return successful && quarantined ? std::optional(EventsAnswer::Counts{*successful, *quarantined})
                                     : std::nullopt;
}

BatchOutcome outcome_of(int status) {
    constexpr int kPartly = 422;
    constexpr int kGaveUp = 408;
    constexpr int kBusy = 503;
    if (status >= 200 && status < 300) {
        return BatchOutcome::Stored;
    }
    const bool refused = status >= 300 && status < 500 && status != kPartly && status != kGaveUp;
    return refused || status == kBusy ? BatchOutcome::Nothing : BatchOutcome::Unknown;
}

} // namespace

EventsCaller::EventsCaller(net::HttpClient& client, net::Waiting& waiting, const TinybirdAccess& access,
                           const std::string& datasource, const EventsCallOptions& options)
    : client_(client), waiting_(waiting), options_(options) {
    call_.method = "POST";
    call_.url =
        access.host + "/v0/events?name=" + percent_encoded(datasource) + (options.waits ? "&wait=true" : "");
    call_.token = access.token;
    call_.timeout = options.timeout;
    call_.headers = {{"Content-Type", "application/x-ndjson"}};
    if (options.packing != events::Packing::None) {
        call_.headers.emplace_back("Content-Encoding",
                                   options.packing == events::Packing::Gzip ? "gzip" : "zstd");
    }
}

EventsAnswer EventsCaller::send(std::string_view rows) {
    std::optional<std::string> body = events::deflate(options_.packing, rows);
    if (!body) {
        return {BatchOutcome::Nothing, false, false, 0, {}, "there is no memory to pack it"};
    }
    call_.body = std::move(*body);
    net::RetryPolicy policy;
    policy.rule = net::RetryRule::Events;
    policy.attempts = options_.attempts;
    policy.longest_wait = options_.longest_wait;
    for (int attempt = 1;; ++attempt) {
        if (!wait_for_turn()) {
            return {BatchOutcome::Nothing, false, true, 0, {}, "stopped before it was sent"};
        }
        const net::HttpOutcome outcome = client_.call(call_);
        note_rate(outcome);
        const std::optional<milliseconds> wait = net::wait_before_repeat(policy, attempt, outcome, waiting_);
        if (!wait) {
            return judge(outcome);
        }
        if (!waiting_.wait(*wait)) {
            EventsAnswer answer = judge(outcome);
            answer.stopped = true;
            return answer;
        }
    }
}

// A turn that was missed is not made up for.
bool EventsCaller::wait_for_turn() {
    const auto now = waiting_.now();
    if (next_turn_ > now &&
        !waiting_.wait(std::chrono::duration_cast<milliseconds>(next_turn_ - now) + milliseconds(1))) {
        return false;
    }
    if (options_.most_per_second != 0) {
        next_turn_ = std::max(next_turn_, now) +
                     std::chrono::nanoseconds(std::chrono::seconds(1)) / options_.most_per_second;
    }
    return true;
}

// Where no request is left, the next one waits until there is.
void EventsCaller::note_rate(const net::HttpOutcome& outcome) {
    const auto* response = std::get_if<net::HttpResponse>(&outcome);
    if (response == nullptr || net::find(response->headers, "x-ratelimit-remaining") != "0") {
        return;
    }
    const std::string reset = net::find(response->headers, "x-ratelimit-reset").value_or("");
    constexpr unsigned kLongest = 60;
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(reset.data(), reset.data() + reset.size(), seconds);
    if (error == std::errc() && end == reset.data() + reset.size()) {
        next_turn_ = std::max(next_turn_, waiting_.now() + std::chrono::seconds(std::min(seconds, kLongest)));
    }
}

EventsAnswer EventsCaller::judge(const net::HttpOutcome& outcome) const {
    if (const auto* failure = std::get_if<net::HttpFailure>(&outcome)) {
        EventsAnswer answer;
        answer.outcome = failure->delivery == net::Delivery::NotSent ? BatchOutcome::Nothing
                         : failure->status != 0                      ? outcome_of(failure->status)
                                                                     : BatchOutcome::Unknown;
        answer.note = redacted(failure->message, call_.token);
        return answer;
    }
    constexpr int kTooLarge = 413;
    const auto& response = std::get<net::HttpResponse>(outcome);
    EventsAnswer answer;
    answer.status = response.status;
    answer.outcome = outcome_of(response.status);
    answer.too_large = response.status == kTooLarge;
    if (answer.outcome == BatchOutcome::Stored) {
        answer.counts = counts_in(response.body);
    } else {
        answer.note = words_of(response);
    }
    return answer;
}

// `403: the token has no scope to append`
std::string EventsCaller::words_of(const net::HttpResponse& response) const {
    constexpr std::size_t kMostWords = 300;
    const nlohmann::json json = nlohmann::json::parse(response.body, nullptr, false);
    const auto found = json.is_object() ? json.find("error") : json.end();
    std::string words = found != json.end() && found->is_string() ? found->get<std::string>() : response.body;
    words = redacted(std::move(words), call_.token);
    words = shorten(printable(trim(words)), kMostWords);
    return std::to_string(response.status) + (words.empty() ? "" : ": " + words);
}

} // namespace birdhouse::ops
