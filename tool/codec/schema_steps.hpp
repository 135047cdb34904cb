// Typed steps from one schema to another, rebuilds among them: what no ALTER can do, or what would leave the
// table half-changed at the first value that does not convert, is done by writing the table again.
#pragma once

#include "model/schema.hpp"

#include <span>
#include <string>
#include <vector>

namespace birdhouse::codec {

// Like model::diff, but for what needs a rebuild there is a step as well. Texts that mean the same are no
// difference. What is left in `impossible` no step can do.
model::SchemaDiff derive_steps(const model::Schema& from, const model::Schema& to,
                               std::span<const model::ColumnRename> renames = {});

// The renames that the datasources of `to` declare and that still have to be done.
std::vector<model::ColumnRename> declared_renames(const model::Schema& from,
                                                  std::span<const model::Datasource> to);

} // namespace birdhouse::codec
