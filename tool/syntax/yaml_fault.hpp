// What is said about text that is no YAML: the library's words turned into what is there and how to mend it.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"

#include <cstddef>
#include <string_view>

namespace birdhouse::syntax {

// `message` is yaml-cpp's own, `offset` the byte at which it gave up.
Diagnostic explain_yaml_fault(std::string_view message, std::size_t offset, SourceId source,
                              const SourceMap& sources);
Diagnostic tab_in_indentation(SourceId source, std::size_t tab);
// Size and encoding; false after a report.
bool check_yaml_bytes(SourceId source, const SourceMap& sources, Diagnostics& problems);

} // namespace birdhouse::syntax
