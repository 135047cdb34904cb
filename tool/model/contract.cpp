#include "model/contract.hpp"

#include <algorithm>

namespace birdhouse::model {

std::string contract_path(const PipeVersion& version) {
    return "pipes/contracts/" + version.name + ".v" + std::to_string(version.number) + ".json";
}

const Contract* find_contract(std::span<const Contract> contracts, const PipeVersion& version) {
    const auto found = std::find_if(contracts.begin(), contracts.end(),
                                    [&](const Contract& one) { return one.version == version; });
    return found == contracts.end() ? nullptr : &*found;
}

} // namespace birdhouse::model
