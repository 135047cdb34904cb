// A way to speak SQL to a ClickHouse. Targets differ in transport only: in process, or over HTTP.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

// Bound on the engine's side to `{name:Type}`: values are never pasted into SQL.
struct Parameter {
    std::string name;
    std::string value; // in ClickHouse's TSV-escaped text form, as HTTP's param_ arguments take it
};

struct QueryResult {
    std::string bytes; // in the format that was asked for
    double elapsed_seconds = 0;
    std::uint64_t rows_read = 0; // from storage
    std::uint64_t bytes_read = 0;
};

class SqlChannel {
public:
    virtual ~SqlChannel() = default;
    SqlChannel() = default;
    SqlChannel(const SqlChannel&) = delete;
    SqlChannel& operator=(const SqlChannel&) = delete;

    // One statement. `format` is a ClickHouse output format name. Errors carry ClickHouse's code and name.
    virtual Result<QueryResult> query(std::string_view sql, std::string_view format,
                                      std::span<const Parameter> parameters) = 0;
    // `INSERT INTO ...` without FORMAT; `bytes` hold the rows in `format`. Rows written, views' rows
    // included.
    virtual Result<std::uint64_t> insert(std::string_view sql, std::string_view format,
                                         std::string_view bytes) = 0;

    Result<void> execute(std::string_view sql) {
        TRY(query(sql, "Null", {}));
        return {};
    }
};

} // namespace birdhouse::target
