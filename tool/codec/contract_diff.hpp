// What changed between two states of what a pipe returns and takes, however the two came to be known: from
// the text, from the engine, from a recorded contract.
#pragma once

#include "codec/change_list.hpp"
#include "model/contract.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::codec {

enum class OutputUse : std::uint8_t {
    Endpoint, // read from outside, by name, by position, by the first rows
    View,     // written to a target, by name
};

// Columns are compared when both sides know them, types when both sides know those.
void diff_outputs(const model::Contract& before, const model::Contract& after, OutputUse use,
                  ChangeList& changes);
void diff_parameters(std::span<const model::Parameter> before, std::span<const model::Parameter> after,
                     ChangeList& changes);

// Both, of the endpoint that is published as `name`.
std::vector<model::Change> diff_contracts(const model::Contract& before, const model::Contract& after,
                                          const std::string& name);

} // namespace birdhouse::codec
