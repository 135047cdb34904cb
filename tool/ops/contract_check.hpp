// Recorded contracts held against what the pipes give now. A break is told with who notices it: STORAGE, PIPE
// and WIRE are nested, so that what is seen on the wire is seen by all.
#pragma once

#include "base/date.hpp"
#include "base/diagnostic.hpp"
#include "model/change_assessment.hpp"
#include "ops/engine_check.hpp"
#include "ops/project.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// What the endpoint promises as it is: its columns by the engine when it was asked, else by the text.
model::Contract present_contract(const model::Pipe& pipe, std::span<const EndpointOutput> outputs);

// What of the contract differs now. Where only the text is known, and a column in it that the contract does
// not name may be any of those that it does, nothing is said of columns.
std::vector<model::Change> changes_since(const model::Contract& recorded, const model::Contract& present,
                                         const std::string& published);
bool is_break(const model::Change& change);

// The endpoint that a contract is about; null when it is gone, or no endpoint any more.
const model::Pipe* find_endpoint(const model::Project& project, const model::PipeVersion& version);

// "STORAGE", "PIPE", "WIRE"
std::string_view category_of(model::Reach reach);

// One problem a finding of a change, at the pipe and at the promise. `help` says what to do about a break.
void report_change(const model::Change& change, const model::Contract& recorded, const model::Pipe& pipe,
                   const std::string& help, Diagnostics& problems);

// Codes B205 to B220. `nodes` are those that render: nothing is said of a pipe with one that does not. Before
// its date no version may go.
void check_contracts(const OpenProject& open, std::span<const codec::RenderedNode> nodes,
                     std::span<const EndpointOutput> outputs, Date today, Diagnostics& problems);

} // namespace birdhouse::ops
