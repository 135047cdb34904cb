// One input checked by several threads: each takes a block of lines, counts what is in it, and hands in its
// counts in the order of the input, so that the same input gives the same report on any number of threads.
#pragma once

#include "events/line_blocks.hpp"
#include "events/schema.hpp"
#include "events/tally.hpp"

#include <cstddef>
#include <string_view>

namespace birdhouse::ops {

struct BlockCheck {
    std::string_view input;       // its name, for samples
    std::size_t longest_line = 0; // for the message on longer ones
    std::size_t threads = 1;
};

// Adds all that `blocks` still gives to `tally`.
void check_blocks(const events::EventSchema& schema, events::LineBlocks& blocks, const BlockCheck& check,
                  events::Tally& tally);

} // namespace birdhouse::ops
