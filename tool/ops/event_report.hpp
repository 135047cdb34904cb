// The reports of `validate` and `send`, as text for people and JSON for programs.
#pragma once

#include "events/schema.hpp"
#include "ops/send.hpp"
#include "ops/send_tinybird.hpp"
#include "ops/validate.hpp"

#include <string>

namespace birdhouse::ops {

std::string render_text(const EventReport& report, const events::EventSchema& schema);
std::string render_json(const EventReport& report, const events::EventSchema& schema);

std::string render_text(const SendReport& report, const events::EventSchema& schema);
std::string render_json(const SendReport& report, const events::EventSchema& schema);

std::string render_text(const TinybirdSendReport& report, const events::EventSchema& schema);
std::string render_json(const TinybirdSendReport& report, const events::EventSchema& schema);

} // namespace birdhouse::ops
