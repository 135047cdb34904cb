// Inputs become batches: known inputs are gone on with, lines are checked, refused ones kept aside.
#pragma once

#include "events/checker.hpp"
#include "ops/send_input.hpp"
#include "ops/send_tinybird.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace birdhouse::ops {

// An input that is being read, with the batch that is filled from it.
struct InputReading {
    std::unique_ptr<SendInput> input;
    std::uint64_t id = 0; // in the journal; 0: nothing was noted of it yet
    OutgoingBatch batch;
    std::chrono::system_clock::time_point since; // of the batch's first row
};

class EventReading {
public:
    // `stops`: no further line is wanted.
    EventReading(const events::EventSchema& schema, const TinybirdSendOptions& options, SendJournal& journal,
                 EventsDelivery& delivery, DeadLetter& dead_letter, TinybirdSendReport& report,
                 std::function<bool()> stops)
        : schema_(schema), options_(options), journal_(journal), delivery_(delivery),
          dead_letter_(dead_letter), report_(report), checker_(schema), stops_(std::move(stops)) {}

    // `-` is `standard_input`. Stands where the journal says that an earlier run was.
    Result<InputReading> open(const std::string& file, std::istream& standard_input);
    // As far as there are lines, sending what is full. `ends`: there will be no more of the input, so that a
    // last line without its end counts, when it is an event. `show`, when there is one, is called for each
    // row.
    Result<void> read(InputReading& reading, bool ends, const std::function<void()>& show = {});
    // What is left in the batch.
    Result<void> flush(InputReading& reading);
    // Batches of which nobody knows. Those whose rows are no longer there are noted.
    Result<void> resend_unknown();

private:
    Result<void> find_known(InputReading& reading);
    Result<void> find_stream(InputReading& reading);
    bool may_be(const KnownInput& known, const InputMark& mark) const;
    Result<bool> take(InputReading& reading, const InputLine& line);
    Result<bool> resend(const UnknownBatch& unknown, const std::string& file);
    // Appends an accepted row to the batch, and keeps a refused one.
    Result<void> sort(OutgoingBatch& batch, const InputLine& line, const events::Verdict& verdict,
                      const InputPosition& behind);

    const events::EventSchema& schema_;
    const TinybirdSendOptions& options_;
    SendJournal& journal_;
    EventsDelivery& delivery_;
    DeadLetter& dead_letter_;
    TinybirdSendReport& report_;
    events::EventChecker checker_;
    std::function<bool()> stops_;
};

} // namespace birdhouse::ops
