// Where columns come from and where they go, for people and for programs.
#pragma once

#include "base/result.hpp"
#include "codec/column_lineage.hpp"
#include "model/project.hpp"

#include <string>
#include <vector>

namespace birdhouse::ops {

// A pipe whose columns are told, or a column of a datasource whose way is told.
struct LineageSubject {
    const model::Pipe* pipe = nullptr;
    const model::Datasource* datasource = nullptr;
    std::string column; // of the datasource; empty: all of them
};

// `NAME` or `DATASOURCE.COLUMN`. Every endpoint when `names` are empty. The error names what is not there.
Result<std::vector<LineageSubject>> choose_subjects(const model::Project& project,
                                                    const std::vector<std::string>& names);

std::string render_lineage_text(const std::vector<LineageSubject>& subjects,
                                const codec::ColumnLineage& lineage);
// Its shape is a promise: keys are added, never renamed.
std::string render_lineage_json(const std::vector<LineageSubject>& subjects,
                                const codec::ColumnLineage& lineage);

} // namespace birdhouse::ops
