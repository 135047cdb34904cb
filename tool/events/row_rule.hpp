// Rules over the values of one row: `end_time >= start_time`, `cost_usd < 100`. A comparison with a value
// that is missing or null says nothing.
#pragma once

#include "events/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::events {

// Nothing, and what is wrong, when the text is no rule over these columns.
std::optional<RowRule> parse_row_rule(std::string_view text, const std::vector<EventColumn>& columns,
                                      std::string& fault);

// `left` and `right` are JSON texts and scalars as they stand in the row, of the kinds that the columns take.
bool holds(const RowRule& rule, std::string_view left, std::string_view right);

} // namespace birdhouse::events
