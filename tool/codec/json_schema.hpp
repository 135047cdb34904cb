// JSON Schemas of the definitions, for editors: printed from the field table the reader checks against.
#pragma once

#include "codec/definition_fields.hpp"

#include <string>

namespace birdhouse::codec {

// Draft 2020-12, of one kind of file: Project, Datasource, Group, Pipe or Migration. Ends with a line end.
std::string write_json_schema(ObjectKind file);

} // namespace birdhouse::codec
