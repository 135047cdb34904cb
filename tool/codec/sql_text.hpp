// SQL as it stands in a definition, and where each of its lines stands.
#pragma once

#include "codec/fields.hpp"

#include <string>
#include <vector>

namespace birdhouse::codec {

// Without blanks and line ends behind it. `line_origins` may be null; else it gets one entry a line.
// Reports a text with nothing in it.
void read_sql(const syntax::YamlNode& node, std::string& sql, std::vector<Origin>* line_origins,
              Reading reading);

} // namespace birdhouse::codec
