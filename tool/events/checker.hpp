// The verdict on one row. Keeps its buffers from row to row: a good row allocates nothing.
#pragma once

#include "events/json_row.hpp"
#include "events/schema.hpp"
#include "events/value_check.hpp"
#include "events/verdict.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::events {

class EventChecker {
public:
    // `schema` must outlive the checker; one checker a thread.
    explicit EventChecker(const EventSchema& schema);

    // An accepted row is appended to `written`, when there is one, as a JSONEachRow line with column names
    // for keys. Of two equal keys the first counts. The verdict holds until the next call.
    const Verdict& check(std::string_view row, std::string* written = nullptr);

    // The row that was checked last, for those who look at its values again. Empty when it is no event.
    const JsonRow& row() const { return row_; }

private:
    void walk(std::uint32_t node, std::size_t object, bool kept);
    void take_field(std::uint32_t parent, std::size_t key, bool kept);
    void require_columns();
    std::string_view key_text(std::size_t key);

    const EventSchema& schema_;
    JsonRow row_;
    ValueChecker values_;
    CheckSink sink_;
    Verdict verdict_;
    // The number of the row that met this node or filled this column last: nothing to reset between rows.
    std::vector<std::uint64_t> met_;
    std::vector<std::uint64_t> filled_;
    std::uint64_t row_number_ = 0;
    std::string unescaped_key_;
};

} // namespace birdhouse::events
