// The proof of a generated datafile: read it back and compare. What the format cannot carry (a `--` in a
// default, a `#` line in SQL, a name with both kinds of quotes) shows here and is reported at the definition.
#pragma once

#include "base/diagnostic.hpp"
#include "model/connection.hpp"
#include "model/datasource.hpp"
#include "model/pipe.hpp"
#include "syntax/directives.hpp"

#include <string>

namespace birdhouse::codec {

// `form` is what `text` must read back as: the definition in datafile form, its origins in the definition.
bool holds_all(const std::string& text, const model::Datasource& form, syntax::Dialect dialect,
               Diagnostics& diagnostics);
bool holds_all(const std::string& text, const model::Pipe& form, syntax::Dialect dialect,
               Diagnostics& diagnostics);
bool holds_all(const std::string& text, const model::Connection& form, syntax::Dialect dialect,
               Diagnostics& diagnostics);

// For texts from templates of a project's own, which may add to the definition: it only has to read.
// `origin` is the definition's.
bool reads(const std::string& text, const std::string& path, syntax::DatafileKind kind,
           syntax::Dialect dialect, Span origin, Diagnostics& diagnostics);

} // namespace birdhouse::codec
