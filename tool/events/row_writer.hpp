// Rows for the tables beside the datasource: what goes to `<datasource>_quarantine`, and the line of a
// dead-letter file. Accepted rows are written by the checker, while it looks at their values.
#pragma once

#include "events/json_row.hpp"
#include "events/schema.hpp"
#include "events/verdict.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace birdhouse::events {

struct QuarantineStamp {
    std::string import_id;      // one for all rows of a run
    std::string insertion_date; // `YYYY-MM-DD HH:MM:SS`, UTC
};

// One JSONEachRow line: the two parallel lists of errors, the raw text of every column as it was sent
// (null where the event had nothing), and the stamp.
void append_quarantine_row(std::string& out, const EventSchema& schema, const JsonRow& row,
                           const Verdict& verdict, const QuarantineStamp& stamp);

// `{"line":7,"errors":[{"code":"E013","column":"steps","text":"..."}],"row":"<the line as it was>"}` and a
// line end. A line that is not UTF-8 stands under `row_bytes`, a character for each byte.
void append_dead_letter(std::string& out, const EventSchema& schema, std::string_view row, std::uint64_t line,
                        const std::vector<RowNote>& notes);

} // namespace birdhouse::events
