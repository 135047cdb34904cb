// `infer`: a definition proposed from events.
#pragma once

#include "base/result.hpp"
#include "events/inference.hpp"
#include "events/reader.hpp"
#include "ops/event_input.hpp"
#include "ops/session.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct InferRequest {
    std::vector<std::string> files; // `-` or none: standard input
    std::string name;               // of the datasource
    std::uint64_t most_rows = 0;    // looked at, from the start of the input; 0: all
};

struct InferReport {
    events::Proposal proposal;
    std::uint64_t rows = 0;
    std::uint64_t not_events = 0; // lines that nothing was learnt from
    std::vector<RefusedInput> refused_inputs;
};

// An Error when there is no event in the input.
Result<InferReport> infer_datasource(const InferRequest& request, Session& session);

// YAML; what was doubtful stands in comments.
std::string render_definition(const InferReport& report);

} // namespace birdhouse::ops
