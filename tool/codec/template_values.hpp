// Model values as the variables of a generation template. Fields have the model's names, absent ones are
// empty texts; beside them stand the forms that a datafile needs.
#pragma once

#include "model/datasource.hpp"
#include "model/pipe.hpp"
#include "syntax/value.hpp"

#include <string>
#include <string_view>

namespace birdhouse::codec {

// name, description, columns (with `line`, the whole of it as SCHEMA has it), engine, engine_lines
// [{directive, value}], indexes, tokens, tags, tags_line, shared_with, forward_query, backfill_skip
syntax::Value template_values(const model::Datasource& datasource);

// name, description, version, nodes, target_datasource, copy_schedule, copy_mode, deployment_method,
// export_settings, settings [{directive, value}], tokens, tags, tags_line
syntax::Value template_values(const model::Pipe& pipe);

// `value` as one argument of a directive, between quotes that it does not hold itself.
std::string quoted_argument(std::string_view value);
// The same without quotes where the value reads back without them.
std::string plain_argument(std::string_view value);

} // namespace birdhouse::codec
