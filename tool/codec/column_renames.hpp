// Which dropped column looks like which added one. A guess is a hint for people, never a step.
#pragma once

#include "model/datasource.hpp"

#include <string>
#include <vector>

namespace birdhouse::codec {

struct PossibleRename {
    std::string from;
    std::string to;
    friend bool operator==(const PossibleRename&, const PossibleRename&) = default;
};

// Of one type, at the same place among the columns that stay, and filled from the same JSON path or each from
// the key of its own name; where no other pair is so too.
std::vector<PossibleRename> possible_renames(const model::Datasource& before, const model::Datasource& after);

} // namespace birdhouse::codec
