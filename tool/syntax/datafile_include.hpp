// INCLUDE of Classic: the text of a fragment takes the place of the line. `$KEY` and `${KEY}` in the fragment
// become what the line says of them; other names stay.
#pragma once

#include "base/result.hpp"
#include "syntax/datafile.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::syntax {

// What fragments are read from. Paths are as written, their variables filled in: relative to the folder of
// the file that is read first, also for fragments of fragments.
struct Fragments {
    std::function<Result<std::string>(std::string_view path)> read;
    std::function<std::optional<std::string>(std::string_view name)> variable; // of the environment
    std::function<std::string(std::string_view path)> shown;                   // the path in messages
};

// The tree with the lines and directives of all fragments behind their INCLUDE lines. Their texts join
// `sources`. A fragment that cannot be had is reported at its line, and the rest is still read.
Datafile splice_includes(Datafile file, const Fragments& fragments, SourceMap& sources,
                         Diagnostics& diagnostics);

// `$NAME`, `${NAME}` and `$$` filled in; what `value_of` does not know stays as written.
std::string fill_variables(std::string_view text,
                           const std::function<std::optional<std::string>(std::string_view)>& value_of);

} // namespace birdhouse::syntax
