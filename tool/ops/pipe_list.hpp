// The pipes of a project with their versions, contracts, dates and readers. The engine is not asked: a
// contract is held against what the text alone tells, as `check --no-engine` does.
#pragma once

#include "base/date.hpp"
#include "ops/project.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

enum class ContractState : std::uint8_t {
    NotApplicable, // no endpoint
    None,          // nothing is promised yet
    Kept,
    Differs, // promises less than the endpoint gives
    Broken,
    Gone, // the endpoint is not there any more
};

std::string_view to_string(ContractState state);

struct ListedPipe {
    model::PipeVersion version;
    std::string published;
    std::string type; // endpoint; empty when the pipe is gone
    std::string file;
    ContractState contract = ContractState::NotApplicable;
    std::optional<Date> deprecated;
    std::vector<std::string> readers; // other pipes that read it, by name
};

// By name and version.
std::vector<ListedPipe> list_pipes(const OpenProject& open);

std::string render_text(const std::vector<ListedPipe>& pipes, Date today);
std::string render_json(const std::vector<ListedPipe>& pipes, Date today);

} // namespace birdhouse::ops
