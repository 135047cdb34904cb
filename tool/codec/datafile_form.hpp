// A model value cut down to what a datafile can hold, in the form in which reading the file gives it back:
// rules beyond the type are gone, expressions stand on one line, texts have no blank lines.
#pragma once

#include "base/diagnostic.hpp"
#include "model/connection.hpp"
#include "model/datasource.hpp"
#include "model/pipe.hpp"

namespace birdhouse::codec {

// Lines of descriptions that the file would lose are reported here: everything else is lossless or is refused
// by `holds_all` (datafile_loss.hpp).
model::Datasource to_datafile_form(model::Datasource datasource, Diagnostics& diagnostics);
model::Pipe to_datafile_form(model::Pipe pipe, Diagnostics& diagnostics);
model::Connection to_datafile_form(model::Connection connection, Diagnostics& diagnostics);

} // namespace birdhouse::codec
