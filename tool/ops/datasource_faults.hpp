// Why the engine refuses a datasource: one part after the other is tried on it, so that each part that is at
// fault is told at its own place and the rest of the table can still be made.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "model/datasource.hpp"
#include "target/channel.hpp"

#include <functional>
#include <set>
#include <string>

namespace birdhouse::ops {

// Asks the engine whether it takes a table, without keeping it.
using TryTable = std::function<Result<void>(const model::Datasource&)>;

struct StandIn {
    model::Datasource datasource; // what the engine takes of it
    // Columns whose type is a guess: nothing that reads them can be judged.
    std::set<std::string, std::less<>> guessed;
};

// `refusal` is what the engine said of the whole. The Error is one that is no refusal: the engine is gone.
Result<StandIn> find_faults(const model::Datasource& datasource, const Error& refusal,
                            const TryTable& try_table, const SourceMap& sources, Diagnostics& diagnostics);

} // namespace birdhouse::ops
