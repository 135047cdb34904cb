// The tables of a page, the same for every format: which columns they have, and what stands in a cell.
#pragma once

#include "ops/project_docs.hpp"

#include <string>
#include <vector>

namespace birdhouse::ops::docs {

struct DocCell {
    std::string text;
    bool code = false; // a name or an expression, to be shown letter by letter
};

struct DocTable {
    std::string title; // "Columns"
    std::vector<std::string> heads;
    std::vector<std::vector<DocCell>> rows; // each as long as `heads`
};

// Those that have rows; columns that would be empty throughout are left out.
std::vector<DocTable> tables_of(const DocPage& page);

// The kinds whose resources share a heading, in the order of the pages.
struct DocGroup {
    std::string title; // "Endpoints"
    std::vector<std::size_t> resources;
};
std::vector<DocGroup> groups_of(const ResourceGraph& graph);

} // namespace birdhouse::ops::docs
