// `sample`: events made for a datasource.
#pragma once

#include "base/result.hpp"
#include "events/schema.hpp"
#include "ops/session.hpp"

#include <cstdint>
#include <filesystem>

namespace birdhouse::ops {

struct SampleRequest {
    std::uint64_t rows = 10;
    std::uint64_t seed = 1;
    double bad = 0;                // the share of rows that ingestion must refuse, from 0 to 1
    std::filesystem::path reasons; // where the reasons go, a JSON object a bad row; empty: standard error
};

// The rows go to `session.out`.
Result<void> write_sample(const events::EventSchema& schema, const SampleRequest& request, Session& session);

} // namespace birdhouse::ops
