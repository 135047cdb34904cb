// What an endpoint promises those who call it: its columns, what a row stands for, the order of its rows, its
// parameters. One contract a version; recorded in pipes/contracts/<pipe>.v<N>.json.
#pragma once

#include "base/date.hpp"
#include "model/change.hpp"
#include "model/pipe_version.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::model {

struct OutputColumn {
    std::string name;
    std::string type; // as the engine prints it; empty when nobody asked the engine
    Origin origin;
    friend bool operator==(const OutputColumn&, const OutputColumn&) = default;
};

struct Contract {
    PipeVersion version;
    std::optional<Date> deprecated; // the first day on which this version may be gone
    // In order. Nothing when the text of the query does not tell and nobody asked the engine.
    std::optional<std::vector<OutputColumn>> columns;
    std::string group_by;              // what a row stands for; empty when nothing is grouped
    std::string order;                 // ORDER BY, LIMIT and OFFSET of the result
    std::vector<Parameter> parameters; // by name
    Origin origin;
    Origin group_origin;
    Origin order_origin;
    friend bool operator==(const Contract&, const Contract&) = default;
};

// `pipes/contracts/top.v1.json`
std::string contract_path(const PipeVersion& version);

const Contract* find_contract(std::span<const Contract> contracts, const PipeVersion& version);

} // namespace birdhouse::model
