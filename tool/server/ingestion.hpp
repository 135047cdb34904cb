// Events into tables: the verdict of each row decides, good ones go to the datasource, bad ones to its
// quarantine.
#pragma once

#include "events/schema.hpp"
#include "server/api_result.hpp"
#include "server/insert_groups.hpp"
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

// What a body holds, as JSONEachRow lines.
struct JudgedRows {
    std::string good;
    std::string bad; // as rows of the quarantine table
    IngestCounts counts;
};

// `body` is NDJSON, or one JSON document over several lines when `single`. A line that is no event refuses
// the whole body with 400.
ApiResult<JudgedRows> judge_rows(std::string_view body, bool single, const events::EventSchema& schema,
                                 const IngestStamp& stamp);

// Writes both, over one connection.
ApiResult<IngestCounts> ingest(std::string_view body, const events::EventSchema& schema,
                               const IngestTables& tables, const IngestStamp& stamp,
                               target::SqlChannel& channel);

// The same for a datasource's own table, together with rows of other requests.
ApiResult<IngestCounts> ingest(const JudgedRows& rows, const events::EventSchema& schema,
                               const std::string& database, InsertGroups& inserts, EnginePool& engine);

// 422 when a materialised view failed behind rows that are stored; 503 when the engine could not take them:
// disk, memory, too many parts.
ApiError insert_error(const Error& error);

// gzip and zstd, told by their first bytes, unpacked into `room`; what is neither is `body` itself. 413
// beyond `most` bytes.
ApiResult<std::string_view> unpacked(std::string_view body, std::size_t most, std::string& room);

} // namespace birdhouse::server
