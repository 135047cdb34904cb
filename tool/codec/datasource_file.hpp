// `.datasource` files to datasources.
#pragma once

#include "base/diagnostic.hpp"
#include "model/datasource.hpp"
#include "syntax/datafile.hpp"

#include <optional>
#include <string>

namespace birdhouse::codec {

// Nothing when the text has no columns; else all that could be read: `diagnostics` says whether that is all.
std::optional<model::Datasource> read_datasource_file(SourceId source, std::string name,
                                                      const SourceMap& sources, Diagnostics& diagnostics,
                                                      syntax::Dialect dialect = syntax::Dialect::Forward);

// The same for a tree that was parsed before, and perhaps had its fragments spliced in.
std::optional<model::Datasource> read_datasource_file(const syntax::Datafile& file, std::string name,
                                                      const SourceMap& sources, Diagnostics& diagnostics);

} // namespace birdhouse::codec
