// What became of one row. Places are offsets in the row, codes point into the table, so that a verdict
// costs no allocation on good rows; texts are made only for the rows that are shown (explain.hpp).
#pragma once

#include "base/codes.hpp"
#include "events/schema.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace birdhouse::events {

enum class RowStatus {
    Accepted,    // ingestion takes it; a rule of the definition may still be broken
    Quarantined, // ingestion puts it aside, with the reasons
    NotAnEvent,  // not JSON, not UTF-8, not an object, past a limit
};

struct RowNote {
    const Code* code = nullptr;
    std::uint32_t column = kNoColumn; // index in the schema's columns
    std::uint32_t begin = 0;          // the value in the row; begin == end: there is none
    std::uint32_t end = 0;
    std::string_view detail = {}; // of lines that are no events: what is wrong there
};

// Of a line that was never read as a row.
inline RowNote too_long_note() {
    return {&codes::E022, kNoColumn, 0, 0, "the line is longer than a request may be"};
}

// A key without a column. Its value is not stored; the row is taken.
struct DroppedField {
    std::uint32_t parent = 0; // node of the schema
    std::uint32_t begin = 0;  // the key with its quotes
    std::uint32_t end = 0;
};

struct Verdict {
    RowStatus status = RowStatus::Accepted;
    std::vector<RowNote> reasons;      // E010 to E025: why it is not accepted
    std::vector<RowNote> broken_rules; // E030 to E039: ingestion would take the row
    std::vector<RowNote> warnings;     // E041, E042, P001 to P003
    std::vector<DroppedField> dropped; // E040

    // Accepted, and there is nothing to say of it.
    bool is_clean() const {
        return status == RowStatus::Accepted && broken_rules.empty() && warnings.empty() && dropped.empty();
    }

    void clear() {
        status = RowStatus::Accepted;
        reasons.clear();
        broken_rules.clear();
        warnings.clear();
        dropped.clear();
    }
};

} // namespace birdhouse::events
