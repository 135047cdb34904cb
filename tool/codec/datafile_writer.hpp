// Models to the canonical text of their datafiles: the text of the standard generation templates, without
// the cost of a template. Reading it gives the model back, as far as a datafile can hold it: what it cannot
// is for codec/datafile_loss.hpp to find.
#pragma once

#include "model/connection.hpp"
#include "model/datasource.hpp"
#include "model/pipe.hpp"

#include <string>

namespace birdhouse::codec {

std::string write_datasource_file(const model::Datasource& datasource);
std::string write_pipe_file(const model::Pipe& pipe);
std::string write_connection_file(const model::Connection& connection);

} // namespace birdhouse::codec
