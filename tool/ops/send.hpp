// `send`: checks events and stores them in a target that speaks SQL, the way ingestion would: good rows in
// the datasource, bad ones in its quarantine table and in a file.
#pragma once

#include "events/schema.hpp"
#include "ops/validate.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace birdhouse::ops {

struct SendOptions {
    EventInput input;
    bool strict = false;               // rows that break a rule of the definition are not sent
    std::filesystem::path dead_letter; // empty: below .birdhouse/refused, when something was refused
    std::size_t batch_rows = 10'000;
    std::size_t batch_bytes = std::size_t{8} << 20U;
};

struct SendReport {
    EventReport events;
    std::uint64_t stored = 0;
    std::uint64_t quarantined = 0; // rows in the quarantine table
    std::string datasource_table;  // `database.llm_events`
    std::string quarantine_table;
    std::filesystem::path dead_letter; // empty: nothing was refused
};

// An error names the rows that are stored already: sending them again would double them.
Result<SendReport> send_events(const events::EventSchema& schema, target::SqlTarget& target,
                               const SendOptions& options, Session& session);

} // namespace birdhouse::ops
