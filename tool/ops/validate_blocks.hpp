// One input checked by several threads: each takes a block of lines, counts what is in it, and hands in its
// counts in the order of the input, so that the same input gives the same report on any number of threads.
#pragma once

#include "events/line_blocks.hpp"
#include "events/schema.hpp"
#include "events/tally.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace birdhouse::ops {

// How far the reading of an input has come.
struct InputProgress {
    std::uint64_t bytes = 0;        // of events
    std::uint64_t packed_bytes = 0; // of the input, which may be compressed
};

struct BlockCheck {
    std::string_view input;       // its name, for samples
    std::size_t longest_line = 0; // for the message on longer ones
    std::size_t threads = 1;
    std::uint64_t one_row_in = 1;    // of so many rows one is checked, chosen by where it stands
    std::uint64_t most_problems = 0; // rows with problems, from which on nothing more is read; 0: no limit
    std::function<void(InputProgress)> progress; // may be empty; called by one thread at a time
};

// Adds all that `blocks` still gives to `tally`, or what comes before the limit. A limit is looked at behind
// each block.
void check_blocks(const events::EventSchema& schema, events::LineBlocks& blocks, const BlockCheck& check,
                  events::Tally& tally);

} // namespace birdhouse::ops
