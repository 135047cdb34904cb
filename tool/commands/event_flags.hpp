// What the commands about events share: the datasource they are for, and shares of rows.
#pragma once

#include "base/result.hpp"
#include "ops/session.hpp"
#include "ops/validate.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::commands {

// The datasource of the project here, or the only one of a file that stands alone; its problems are printed.
// Nothing when there are errors among them. `strict`: every open question of ingestion is answered with a
// refusal.
Result<std::optional<events::EventSchema>> open_event_schema(const std::string& datasource, bool strict,
                                                             ops::Session& session);

// `0.1%` as 0.001; the sign may be left out, and no text is 0.
Result<double> read_share(std::string_view flag, std::string_view text);

} // namespace birdhouse::commands
