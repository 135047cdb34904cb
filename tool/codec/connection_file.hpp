// `.connection` files to connections.
#pragma once

#include "base/diagnostic.hpp"
#include "model/connection.hpp"
#include "syntax/datafile.hpp"

#include <optional>
#include <string>

namespace birdhouse::codec {

// Nothing when the text is no connection at all; else all that could be read.
std::optional<model::Connection> read_connection_file(const syntax::Datafile& file, std::string name,
                                                      const SourceMap& sources, Diagnostics& diagnostics);

// The directives of a type that hold credentials: values that belong into `tb_secret`.
bool is_credential_directive(std::string_view name);

} // namespace birdhouse::codec
