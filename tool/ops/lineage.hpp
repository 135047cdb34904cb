// Asks the engine's analyzer which columns each node of a project reads and what its own are made of.
#pragma once

#include "base/result.hpp"
#include "codec/column_lineage.hpp"
#include "codec/dependencies.hpp"
#include "model/project.hpp"
#include "target/target.hpp"

#include <span>

namespace birdhouse::ops {

// `nodes` are the project's, rendered, and `sources` hold their places; project and nodes outlive the answer.
// Nodes that the engine refuses, and those that read them, are not in it. The Error is one of the engine
// itself.
Result<codec::ColumnLineage> find_lineage(const model::Project& project,
                                          std::span<const codec::RenderedNode> nodes,
                                          const SourceMap& sources, target::TargetOpener& targets);

} // namespace birdhouse::ops
