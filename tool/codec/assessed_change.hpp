// A change with all that follows from it: what it means, who reads what changed, and what only shows when the
// changes are seen together.
#pragma once

#include "codec/change_readers.hpp"
#include "model/change_assessment.hpp"

#include <vector>

namespace birdhouse::codec {

struct AffectedReader {
    Reader reader;
    const Code* code = nullptr;
    friend bool operator==(const AffectedReader&, const AffectedReader&) = default;
};

struct AssessedChange {
    model::Change change;
    model::Assessment assessment;
    std::vector<AffectedReader> readers;         // in `after`, which must outlive them
    std::vector<LineageColumn> endpoint_columns; // made of the column that changes, as far as a lineage tells
};

// `changes` are those from `before` to `after`. In their order. `lineage`, where there is one, is of the
// pipes of `after` over the columns of both.
std::vector<AssessedChange> assess_changes(std::vector<model::Change> changes, const model::Project& before,
                                           const model::Project& after,
                                           const ColumnLineage* lineage = nullptr);

} // namespace birdhouse::codec
