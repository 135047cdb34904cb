// The table that holds what a datasource refused: `<datasource>_quarantine`, made when it is first needed.
#pragma once

#include "base/result.hpp"
#include "events/schema.hpp"
#include "target/channel.hpp"

#include <string>
#include <string_view>

namespace birdhouse::target {

std::string quarantine_name(const std::string& datasource);

// Makes the table, or gives it the columns that the datasource has grown since. Older columns stay: rows
// that were put aside then still hold values in them.
Result<void> ensure_quarantine(SqlChannel& channel, std::string_view database,
                               const events::EventSchema& schema);

} // namespace birdhouse::target
