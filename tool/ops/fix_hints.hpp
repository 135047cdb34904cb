// What mends a kind of problem that events have: another definition, or another producer.
#pragma once

#include "events/schema.hpp"
#include "events/tally.hpp"

#include <string>

namespace birdhouse::ops {

struct FixHint {
    std::string definition; // either may be empty: then it is nothing that this side could mend
    std::string producer;
};

// The entry comes from a tally that gathers values.
FixHint fix_hint(const events::EventSchema& schema, const events::TallyKey& key,
                 const events::TallyEntry& entry);
// For a key that no column takes.
FixHint fix_hint(const events::DroppedKeys& keys);

// "fix the definition: ...; or the producer: ..."; in one line.
std::string one_line(const FixHint& hint);

} // namespace birdhouse::ops
