// One batch of rows to POST /v0/events, and what became of it: stored, not written, or not known. Waits for
// the rate that was asked for, and for the one the server allows.
//
//   200, 202 and other 2xx              stored; the counters as the answer has them, if it could be read
//   400 to 499, 503, 3xx, not sent      nothing was written
//   413                                 nothing was written; in two halves it may be
//   422                                 some of it was written: not known which rows
//   408, 500, 502, 504, 598, 599, 5xx   not known
//   no answer, after it was sent        not known
//
// http_retry.hpp says which of these are tried again; what is not known never is.
#pragma once

#include "events/inflate.hpp"
#include "net/http_retry.hpp"
#include "ops/credentials.hpp"
#include "ops/send_journal.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::ops {

struct EventsCallOptions {
    bool waits = true; // answered once the rows are written, not once they are taken
    events::Packing packing = events::Packing::Gzip;
    std::chrono::milliseconds timeout{5'000};
    std::uint64_t most_per_second = 0; // requests; 0: as many as the server takes
    int attempts = 6;
    std::chrono::milliseconds longest_wait{30'000}; // between two of them
};

struct EventsAnswer {
    BatchOutcome outcome = BatchOutcome::Unknown;
    bool too_large = false; // nothing was written, and less of it may be
    bool stopped = false;   // nothing was written, as a stop was asked for
    int status = 0;         // of the last answer; 0: there was none
    // As the server counts them; nothing when its answer could not be read.
    struct Counts {
        std::uint64_t successful = 0;
        std::uint64_t quarantined = 0;
    };
    std::optional<Counts> counts;
    std::string note; // why it was not stored: one line, without the token
};

class EventsCaller {
public:
    EventsCaller(net::HttpClient& client, net::Waiting& waiting, const TinybirdAccess& access,
                 const std::string& datasource, const EventsCallOptions& options);

    // `rows`: NDJSON.
    EventsAnswer send(std::string_view rows);

private:
    bool wait_for_turn();
    void note_rate(const net::HttpOutcome& outcome);
    EventsAnswer judge(const net::HttpOutcome& outcome) const;
    std::string words_of(const net::HttpResponse& response) const;

    net::HttpClient& client_;
    net::Waiting& waiting_;
    EventsCallOptions options_;
    net::HttpCall call_;
    std::chrono::system_clock::time_point next_turn_;
};

} // namespace birdhouse::ops
