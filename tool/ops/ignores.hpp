// `# birdhouse: ignore F301, F302: reason` in the user's files: which problems are not shown, and what is
// wrong with such comments themselves. See docs/checks.md.
#pragma once

#include "base/diagnostic.hpp"

#include <functional>

namespace birdhouse::ops {

// A problem that says the file was not understood: what else is wrong with it cannot be known, so there is no
// ignoring it. Nor can the problems of ignore comments be ignored.
bool can_be_ignored(const Code& code);

// The problems that no comment hides.
Diagnostics without_ignored(const Diagnostics& problems, const SourceMap& sources);

// Those, and beside them what is wrong with the comments: no reason given, an unknown code, nothing hidden.
// Nothing hidden is said only of codes that `looked_for` knows: other commands report the others.
Diagnostics apply_ignores(const Diagnostics& problems, const SourceMap& sources,
                          const std::function<bool(const Code&)>& looked_for);

} // namespace birdhouse::ops
