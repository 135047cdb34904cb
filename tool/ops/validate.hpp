// `validate`: what ingestion would do with events, and which rules of the definition they break.
#pragma once

#include "base/result.hpp"
#include "events/reader.hpp"
#include "events/schema.hpp"
#include "events/tally.hpp"
#include "ops/event_input.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"

#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct EventInput {
    std::vector<std::string> files; // `-` or none: standard input
    std::size_t longest_line = events::kLongestLine;
    std::size_t most_samples = 3;    // places shown of each problem
    std::size_t threads = 0;         // 0: one for each processor this process may use
    bool gathers = false;            // what wrong values have in common, for hints
    std::uint64_t one_row_in = 1;    // of so many rows one is checked
    std::uint64_t most_problems = 0; // rows with problems, behind which reading ends; 0: no limit
};

struct EventReport {
    std::string datasource;
    events::Tally tally;
    std::vector<RefusedInput> refused_inputs;
    std::vector<std::string> inputs = {}; // the names of all
    std::uint64_t one_row_in = 1;
    bool stopped = false; // at the limit of problems: there may be more input

    // Rows or inputs that ingestion refuses.
    bool refuses() const;
    // That, or rows that break a rule of the definition.
    bool has_problems() const { return refuses() || tally.rule_breaking() != 0; }
    // A share of rows, from 0 to 1, may have problems; an input that cannot be read is never borne.
    bool has_more_problems_than(double share) const;
};

// The share of rows that ingestion refuses. Between `low` and `high` lies that of the whole input, in 19
// cases of 20, when only a sample of it was checked (Wilson's interval).
struct RefusalRate {
    double rate = 0;
    double low = 0;
    double high = 0;
};
RefusalRate refusal_rate(const events::Tally& tally);

// The datasource of that name prepared for checking; nothing when its definition has problems, which are
// then in `problems`. An unknown name is an error that names the nearest.
Result<std::optional<events::EventSchema>>
compile_events(const model::Project& project, const std::string& datasource, Diagnostics& problems);

Result<EventReport> validate_events(const events::EventSchema& schema, const EventInput& input,
                                    Session& session);

} // namespace birdhouse::ops
