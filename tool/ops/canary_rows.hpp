// Rows from the edges of what a table's columns can hold: NULL, least and greatest, each value of an Enum,
// texts that are empty and long.
#pragma once

#include "target/catalog.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// SQL for each edge of the type, every one of them of that type; at least one.
std::vector<std::string> edge_values(std::string_view type);

struct EdgeRows {
    std::string insert;               // `INSERT INTO ... (columns)`
    std::vector<std::string> selects; // one row each, as many as the column with most edges has
};
EdgeRows edge_rows(const target::TableState& table, std::string_view database);

} // namespace birdhouse::ops
