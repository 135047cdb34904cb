// Mutations of a target: rewriting that goes on behind an ALTER. A failed one keeps the new schema in place,
// and no KILL takes that back: only the way that is given here does.
#pragma once

#include "base/result.hpp"
#include "target/catalog.hpp"
#include "target/channel.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct OpenMutation {
    std::string id;
    std::string command;
    std::uint64_t parts_left = 0;
    std::string failure; // the engine's words; empty while it has not failed
};

Result<std::vector<OpenMutation>> read_open_mutations(target::SqlChannel& channel,
                                                      const std::string& database, const std::string& table);

// Returns once none is open. A failed one is an error (ExitCode::Partial) with its reason and the way back to
// `before`, the table as it was. `pause` is called between two looks.
Result<void> await_mutations(target::SqlChannel& channel, const std::string& database,
                             const std::string& table, const std::optional<target::TableState>& before,
                             const std::function<void(const OpenMutation&)>& pause);

// Statements that bring the table back to `before` when `now` is what a failed mutation left: the columns'
// old types first, then an end to the mutation. Tested against the engine.
std::vector<std::string> way_back(const target::TableState& before, const target::TableState& now,
                                  const std::string& database, const std::vector<OpenMutation>& failed);

} // namespace birdhouse::ops
