// Recorded contracts: JSON text to a value and back. JSON is read as the YAML it is a part of, so that every
// value has its place in the file; what may stand in one is said by the table in definition_fields.cpp.
#pragma once

#include "base/diagnostic.hpp"
#include "model/contract.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::codec {

inline constexpr std::size_t kLargestContract = std::size_t{1} << 20U; // bytes

// The source's path ends in the file's name, which says the pipe and the version too.
std::optional<model::Contract> read_contract(SourceId source, const SourceMap& sources,
                                             Diagnostics& problems);

// One line a column and a parameter, parameters by name; the same contract gives the same bytes. Descriptions
// are no promise and are left out.
std::string write_contract(const model::Contract& contract);

// Those in pipes/contracts of the project's folder, by name and version.
std::vector<model::Contract> load_contracts(const std::filesystem::path& folder, SourceMap& sources,
                                            Diagnostics& problems);

} // namespace birdhouse::codec
