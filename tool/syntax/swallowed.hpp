// Guesses, in the middle of a block, that a line was meant as a directive: a block swallows every line that
// is indented, misspelt or of the other dialect, and the service says nothing.
#pragma once

#include "syntax/datafile.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::syntax {

struct SwallowedDirective {
    std::string_view word;
    std::string help;
};

// `first` is the offset of the first character of `line` that is no blank; `block` is what swallows it.
std::optional<SwallowedDirective> find_swallowed(std::string_view line, std::size_t first,
                                                 const Directive& block, DatafileKind kind, Dialect dialect);

} // namespace birdhouse::syntax
