// Which parameters a call cannot leave out. Tinybird's own list says required of every parameter without a
// default, also of one that the template asks `defined()` of first; here the template is tried out.
#pragma once

#include "model/change.hpp"
#include "model/pipe.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// A text that the template function of that name takes: `DateTime`, `Array(Int32)`.
std::string sample_value(std::string_view type);

// Takes `required` from those without which the pipe renders. Where it does not render even with all of them,
// nothing is known, and all stay as they are.
void settle_required(const model::Pipe& pipe, std::vector<model::Parameter>& parameters);

} // namespace birdhouse::codec
