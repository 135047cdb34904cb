// Events against two schemas of one datasource: which rows change their verdict, what is stored of them then,
// and who sent them.
#pragma once

#include "base/result.hpp"
#include "events/schema.hpp"
#include "events/tally.hpp"
#include "ops/event_input.hpp"
#include "ops/session.hpp"
#include "ops/validate.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace birdhouse::ops {

// SchemaVer's words, told from the rows that were given.
enum class ChangeWeight {
    None,     // every row fares as before
    Addition, // every row that was taken is taken, and nothing that was stored is lost
    Revision, // some rows that were taken are refused, or lose a field
    Model,    // all rows that were taken are refused
};
std::string_view to_string(ChangeWeight weight);

struct RowCounts {
    std::uint64_t rows = 0;
    std::uint64_t refused_now = 0; // and taken before
    std::uint64_t taken_now = 0;   // and refused before
};

struct VerdictChange {
    std::string datasource;
    std::string from; // the states' names
    std::string to;
    RowCounts all;
    std::uint64_t taken_before = 0;
    std::uint64_t taken_after = 0;
    events::Tally refusals; // why the later schema refuses what the earlier took
    events::Tally mended;   // why the earlier refused what the later takes
    // Keys of rows that both take, by path.
    std::map<std::string, std::uint64_t> stored_now; // and dropped before
    std::map<std::string, std::uint64_t> lost_now;   // and stored before
    std::string by;                                  // the path that tells producers; empty: not asked
    std::map<std::string, RowCounts> producers;
    std::vector<RefusedInput> refused_inputs;
};

ChangeWeight weight_of(const VerdictChange& change);
// Rows or fields are lost that were not.
bool breaks(const VerdictChange& change);

struct VerdictChangeRequest {
    std::string from; // the states' names, for the report
    std::string to;
    std::string by; // a column, or a JSON path
    EventInput input;
};
Result<VerdictChange> compare_verdicts(const events::EventSchema& before, const events::EventSchema& after,
                                       const VerdictChangeRequest& request, Session& session);

std::string render_text(const VerdictChange& change, const events::EventSchema& before,
                        const events::EventSchema& after);
std::string render_json(const VerdictChange& change, const events::EventSchema& before,
                        const events::EventSchema& after);

} // namespace birdhouse::ops
