// Runs of columns that several datasources share, word for word: what column groups are made of.
#pragma once

#include "codec/definition_writer.hpp"
#include "model/datasource.hpp"

#include <string>
#include <vector>

namespace birdhouse::codec {

struct ProposedGroup {
    std::string name; // after its first and last column: `start_time_to_total_cost`
    std::vector<model::Column> columns;
    std::vector<std::string> datasources; // that use it
};

struct ProposedGroups {
    std::vector<ProposedGroup> groups;         // the one that saves most lines first
    std::vector<std::vector<GroupedRun>> runs; // of each datasource, by first column
};

// Groups of three columns and more that three datasources and more have in a row. The longest savings are
// taken first; a column belongs to one group at most.
ProposedGroups propose_groups(const std::vector<model::Datasource>& datasources);

} // namespace birdhouse::codec
