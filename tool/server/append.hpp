// Files into datasources: POST /v0/datasources?mode=append|replace.
#pragma once

#include "server/append_request.hpp"
#include "server/routes.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace birdhouse::server {

struct AppendCounts {
    std::uint64_t successful = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t invalid_lines = 0;
};

// NDJSON is judged as events are. CSV is read by the names of its first line, when these are columns, or by
// position; rows that do not fit are put aside where the datasource takes events, and refuse the file
// elsewhere.
ApiResult<AppendCounts> append_file(const Call& call, const model::Datasource& datasource,
                                    const AppendRequest& request);

// As the service says it in an answer that is otherwise a success; empty when every row was taken.
std::string text_of(const AppendCounts& counts);

// The condition of a DELETE: an expression over the rows of one table. 400 for whatever reads elsewhere.
ApiStatus check_condition(const std::string& condition);
// The same of a filter in a token.
ApiStatus check_filter(const std::string& filter);

} // namespace birdhouse::server
