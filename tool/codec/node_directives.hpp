// The lines of one node of a `.pipe` file, and what its type asks of them.
#pragma once

#include "codec/datafile_values.hpp"
#include "model/pipe.hpp"

#include <vector>

namespace birdhouse::codec {

struct NodeLines {
    const syntax::Directive* head = nullptr; // NODE
    std::vector<const syntax::Directive*> settings;
};

model::Node read_node(const DatafileReading& reading, const NodeLines& lines);
// What the published node's settings say about the pipe: DATASOURCE, COPY_*, EXPORT_*, ...
void read_node_settings(const DatafileReading& reading, const NodeLines& lines, model::Pipe& pipe);
// Settings that its type lacks, and settings that its type does not know.
void check_node_settings(const DatafileReading& reading, const NodeLines& lines, const model::Node& node);

} // namespace birdhouse::codec
