// `send` to a Tinybird workspace: events are checked here, good ones are posted as they were, in batches,
// with a journal on disk (send_journal.hpp) from which the next run goes on. Memory does not grow with the
// inputs.
//
// No row is lost: what was not posted is posted by the next run. No row is posted twice where an answer was
// seen. Where none was, nobody knows: the rows are listed, and sent again only when that is asked for.
#pragma once

#include "ops/credentials.hpp"
#include "ops/events_call.hpp"
#include "ops/send_delivery.hpp"
#include "ops/validate.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct TinybirdSendOptions {
    std::string target;
    EventInput input;                  // files may be patterns: `logs/*.ndjson`
    bool strict = false;               // rows that break a rule of the definition are not sent
    std::filesystem::path dead_letter; // empty: below .birdhouse/refused, when something was refused
    std::size_t batch_rows = 10'000;
    std::size_t batch_bytes = std::size_t{4} << 20U;
    EventsCallOptions call;
    bool follow = false;         // wait for more, until a stop is asked for
    bool resume = false;         // standard input is what an earlier run was broken off in
    bool again = false;          // from the start, whatever was sent before
    bool resend_unknown = false; // rows of which nobody knows whether they were stored
    bool forget_unknown = false; // the user has found out, or does not mind
};

struct TinybirdSendReport {
    EventReport events;
    std::string host;
    DeliveryCounts counts;
    std::vector<UnknownBatch> unknown;
    std::vector<std::string> notes;    // what was left out or begun anew, one line each
    std::filesystem::path dead_letter; // empty: nothing was refused
    std::filesystem::path journal;
    std::optional<Error> failure; // why it ended before the end
    bool follow = false;

    ExitCode exit_code(bool strict) const;
};

// An error: nothing was sent.
Result<TinybirdSendReport> send_to_tinybird(const events::EventSchema& schema, const TinybirdAccess& access,
                                            const TinybirdSendOptions& options, Session& session);

// The files that patterns stand for, by name. What is no pattern, or fits nothing, stays as it is.
std::vector<std::string> expand_patterns(const std::vector<std::string>& files);

} // namespace birdhouse::ops
