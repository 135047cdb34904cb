// Model values as the variables of a generation template. Fields have the model's names, absent ones are
// empty texts; beside them stand the forms that a datafile needs.
#pragma once

#include "model/connection.hpp"
#include "model/datasource.hpp"
#include "model/pipe.hpp"
#include "syntax/value.hpp"

#include <string>
#include <string_view>

namespace birdhouse::codec {

// name, description, columns (with `line`, the whole of it as SCHEMA has it), engine, engine_lines
// [{directive, value}], connector_lines (the same), indexes, tokens, tags, tags_line, shared_with,
// forward_query, backfill_skip, classic_version
syntax::Value template_values(const model::Datasource& datasource);

// name, description, version, nodes, target_datasource, copy_schedule, copy_mode, deployment_method,
// cache_seconds, export_settings, settings [{directive, value}], tokens, tags, tags_line, classic_version
syntax::Value template_values(const model::Pipe& pipe);

// name, description, type, settings [{directive, value}]
syntax::Value template_values(const model::Connection& connection);

} // namespace birdhouse::codec
