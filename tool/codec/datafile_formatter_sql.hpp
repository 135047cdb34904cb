// The SQL of a datafile's nodes, for a formatter of SQL.
#pragma once

#include "model/pipe.hpp"
#include "syntax/datafile.hpp"

#include <cstddef>
#include <vector>

namespace birdhouse::codec {

struct NodeSql {
    std::size_t directive = 0; // its index in the file
    model::Node node;          // name, SQL, and where each line of it stands
    bool has_comments = false; // of SQL, or `#` lines of the datafile
};

// In the order of the file; templates, which no formatter of SQL reads, are missing.
std::vector<NodeSql> sql_of_nodes(const syntax::Datafile& file, const SourceMap& sources);

} // namespace birdhouse::codec
