// Files into datasources: POST /v0/datasources?mode=append|replace.
#pragma once

#include "server/content.hpp"
#include "server/routes.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace birdhouse::server {

enum class FileFormat { Csv, Ndjson, Parquet };

struct AppendRequest {
    std::string bytes; // unpacked
    FileFormat format = FileFormat::Csv;
    bool replaces = false; // all rows that are there
};

struct AppendCounts {
    std::uint64_t successful = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t invalid_lines = 0;
};

// The data stands in the first part that has a file name, whatever the part is called, or is the whole body.
ApiResult<AppendRequest> read_append(const Call& call, const model::Datasource& datasource,
                                     const std::string& mode);

// NDJSON is judged as events are. CSV by the names of its first line, when these are columns, or by position;
// a row of it that does not fit refuses the file, and nothing is written.
ApiResult<AppendCounts> append_file(const Call& call, const model::Datasource& datasource,
                                    const AppendRequest& request);

// As the service says it in an answer that is otherwise a success; empty when every row was taken.
std::string text_of(const AppendCounts& counts);

// The condition of a DELETE: an expression over the rows of one table. 400 for whatever reads elsewhere.
ApiStatus check_condition(const std::string& condition);
// The same of a filter in a token.
ApiStatus check_filter(const std::string& filter);

} // namespace birdhouse::server
