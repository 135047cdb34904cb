// A project and a question in a few lines, for the golden cases of query composition:
//
//   datasource NAME COLUMN...       one that takes events
//   pipe NAME [VERSION]             the nodes below belong to it
//   node NAME [materialized]        four blanks before each line of its SQL
//   table NAME                      stands in the database already
//   run PIPE[.NODE] [in DATABASE]   or `materialize PIPE`
//   refused TEXT                    what the engine says of it
#pragma once

#include "base/source.hpp"
#include "model/project.hpp"

#include <set>
#include <string>

namespace birdhouse::testing {

struct QueryCase {
    SourceMap sources;
    model::Project project;
    std::set<std::string, std::less<>> tables;
    std::string pipe;
    std::string node;
    std::string database;
    std::string refused;
    bool materialized = false;
};

QueryCase read_query_case(const std::string& name, const std::string& text);

} // namespace birdhouse::testing
