// Which parameters a call cannot leave out: the templates are tried out. What they say of themselves does not
// decide it: `required=False` makes nothing optional, and a parameter that is asked `defined()` of may still
// be needed.
#pragma once

#include "model/change.hpp"
#include "model/pipe.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// A text that the template function of that name takes: `DateTime`, `Array(Int32)`.
std::string sample_value(std::string_view type);

// Says `required` of those without which the pipe does not render. Where it does not render even with all of
// them, nothing is known, and all stay as they are.
void settle_required(const model::Pipe& pipe, std::vector<model::Parameter>& parameters);

} // namespace birdhouse::codec
