// A note on a row in words: Tinybird's own where they are known, so that a search for them finds both.
#pragma once

#include "events/schema.hpp"
#include "events/verdict.hpp"

#include <string>
#include <string_view>

namespace birdhouse::events {

// For the quarantine table, which holds the row as it is anyway.
std::string explain(const EventSchema& schema, std::string_view row, const RowNote& note);

// The value of a note as a report may show it: one line, cut, credentials masked, and nothing at all of
// columns that hold something of a person. Empty when the note has no value.
std::string shown_value(const EventSchema& schema, std::string_view row, const RowNote& note);

// The same words as `explain`, with the value as `shown_value` gives it.
std::string explain_for_report(const EventSchema& schema, std::string_view row, const RowNote& note);

} // namespace birdhouse::events
