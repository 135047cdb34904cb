// Models to YAML definitions. Reading one back gives the model, as far as a definition can say it: whoever
// writes compares.
#pragma once

#include "model/connection.hpp"
#include "model/datasource.hpp"
#include "model/pipe.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace birdhouse::codec {

// Comments to stand above a part of a definition, one line an entry, without their `#`.
struct DefinitionComments {
    using Lines = std::vector<std::string>;
    Lines head;                                        // above everything
    Lines tail;                                        // below everything
    std::map<std::string, Lines, std::less<>> keys;    // by the key of the definition: `engine`
    std::map<std::string, Lines, std::less<>> columns; // by name
    std::map<std::string, Lines, std::less<>> nodes;   // by name
};

// A run of a datasource's columns that a column group stands for.
struct GroupedRun {
    std::size_t first = 0; // index into the columns
    std::size_t count = 0;
    std::string group;
};

// `runs` by their first column, not overlapping.
std::string write_datasource_definition(const model::Datasource& datasource,
                                        const DefinitionComments& comments = {},
                                        const std::vector<GroupedRun>& runs = {});
std::string write_pipe_definition(const model::Pipe& pipe, const DefinitionComments& comments = {});
std::string write_connection_definition(const model::Connection& connection,
                                        const DefinitionComments& comments = {});
std::string write_column_group(const std::string& name, const std::string& description,
                               const std::vector<model::Column>& columns);

} // namespace birdhouse::codec
