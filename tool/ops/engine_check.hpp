// A whole project held against ClickHouse itself: its datasources are made in a scratch database, its nodes
// are described there, and what materialised and copy nodes give is held against their targets.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/dependencies.hpp"
#include "model/project.hpp"
#include "ops/describe_query.hpp"
#include "target/target.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace birdhouse::ops {

// What the engine says an endpoint returns.
struct EndpointOutput {
    const model::Pipe* pipe = nullptr;
    std::vector<OutputColumn> columns;
};

struct EngineCheck {
    std::size_t datasources = 0; // that the engine takes as they are declared
    std::size_t refused_datasources = 0;
    std::size_t nodes = 0; // that the engine accepts
    std::size_t refused_nodes = 0;
    std::size_t unchecked_nodes =
        0; // they, or what they read, were refused or rest on what is not known here
    std::vector<EndpointOutput> endpoints; // those that it accepts, in the order of the pipes
};

// Codes F350 to F357, T062, and what keeps a node's SQL from being rendered or composed; an error at a place
// where `diagnostics` holds one already is left out. The Error says that no engine can be had. No other
// engine may be open.
Result<EngineCheck> check_on_engine(const model::Project& project, const SourceMap& sources,
                                    target::TargetOpener& targets, Diagnostics& diagnostics);

// The same with the nodes of codec::render_for_checks at hand, whose problems were reported.
Result<EngineCheck> check_on_engine(const model::Project& project, std::span<const codec::RenderedNode> nodes,
                                    const SourceMap& sources, target::TargetOpener& targets,
                                    Diagnostics& diagnostics);

} // namespace birdhouse::ops
