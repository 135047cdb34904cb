// The parts of reports on events that are made of one table of a tally: a line a reason, with its samples.
#pragma once

#include "events/schema.hpp"
#include "events/tally.hpp"
#include "ops/fix_hints.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace birdhouse::ops {

// `events.ndjson:2:8`
std::string place_of(const events::Sample& sample);

// Nothing for an empty table.
void append_table(std::string& out, std::string_view title, const events::TallyTable& table,
                  const events::EventSchema& schema, bool with_hints);

nlohmann::ordered_json table_json(const events::TallyTable& table, const events::EventSchema& schema,
                                  bool with_hints);
nlohmann::ordered_json hint_json(const FixHint& hint);

} // namespace birdhouse::ops
