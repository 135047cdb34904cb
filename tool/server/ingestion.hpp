// Events into tables: the verdict of each row decides, good ones go to the datasource, bad ones to its
// quarantine.
#pragma once

#include "events/schema.hpp"
#include "server/api_result.hpp"
#include "target/channel.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace birdhouse::server {

struct IngestCounts {
    std::uint64_t successful = 0;
    std::uint64_t quarantined = 0;
};

struct IngestStamp {
    std::string import_id;
    std::string insertion_date; // `YYYY-MM-DD HH:MM:SS`, UTC
};

struct IngestTables {
    std::string database;
    std::string rows; // the datasource's own table, or the one that is to take its place
};

// `body` is NDJSON, or one JSON document over several lines when `single`. A line that is no event refuses
// the whole body with 400, and nothing is written.
ApiResult<IngestCounts> ingest(std::string_view body, bool single, const events::EventSchema& schema,
                               const IngestTables& tables, const IngestStamp& stamp,
                               target::SqlChannel& channel);

// gzip and zstd, told by their first bytes; what is neither stays as it is. 413 beyond `most` bytes.
ApiResult<std::string> unpacked(std::string body, std::size_t most);

} // namespace birdhouse::server
