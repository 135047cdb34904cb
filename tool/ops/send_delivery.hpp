// Batches on their way to a workspace: noted in the journal, posted, settled; split where they are too large.
#pragma once

#include "events/schema.hpp"
#include "ops/dead_letter.hpp"
#include "ops/events_call.hpp"
#include "ops/send_journal.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// The rows of a part of one input, that stand between two positions of it. What was refused there is not
// among them.
struct OutgoingBatch {
    struct Row {
        std::size_t end = 0; // in the text
        InputPosition to;    // behind it in the input
    };

    std::uint64_t input = 0; // its id in the journal
    InputPosition from;
    InputPosition to;
    std::string tail; // of `to`
    std::string text; // NDJSON
    std::vector<Row> rows;
    std::uint64_t repeats = 0; // the unknown batch that this is once more
};

struct DeliveryCounts {
    std::uint64_t batches = 0;     // stored
    std::uint64_t rows = 0;        // in them
    std::uint64_t uncounted = 0;   // of those, in batches whose answers could not be read
    std::uint64_t successful = 0;  // as the answers count
    std::uint64_t quarantined = 0; // as the answers count
    std::uint64_t too_large = 0;   // rows that no request may hold
};

class EventsDelivery {
public:
    EventsDelivery(SendJournal& journal, EventsCaller& caller, DeadLetter& dead_letter,
                   const events::EventSchema& schema)
        : journal_(journal), caller_(caller), dead_letter_(dead_letter), schema_(schema) {}

    // An error ends the sending: nothing more can be noted, or the server takes nothing. Everything up to it
    // is settled, and nothing of what follows was sent.
    Result<void> send(const OutgoingBatch& batch);

    const DeliveryCounts& counts() const { return counts_; }

private:
    Result<void> send_part(const OutgoingBatch& batch, std::size_t first, std::size_t last);
    Result<void> count(std::size_t rows, const EventsAnswer& answer);
    Result<void> send_halves(const OutgoingBatch& batch, std::size_t first, std::size_t last);

    SendJournal& journal_;
    EventsCaller& caller_;
    DeadLetter& dead_letter_;
    const events::EventSchema& schema_;
    DeliveryCounts counts_;
    int unknown_in_a_row_ = 0;
};

} // namespace birdhouse::ops
