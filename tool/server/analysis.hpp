// What a file could be stored as: a column for every value that it holds, with its type, and the first rows
// as they would be read.
#pragma once

#include "model/project.hpp"
#include "server/api_result.hpp"
#include "server/append_request.hpp"
#include "target/channel.hpp"

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace birdhouse::server {

// `{analysis: {columns, schema}, preview}`, as POST /v0/analyze answers. Of NDJSON and CSV the last line may
// be cut: clients send the first bytes of a file. 400 for what holds no row.
ApiResult<nlohmann::ordered_json> analyze_file(std::string_view bytes, FileFormat format,
                                               const model::Config& config, target::SqlChannel& engine);

} // namespace birdhouse::server
