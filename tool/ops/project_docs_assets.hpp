// What every HTML page of documentation carries: styles, script and icons, built into the program from the
// files beside this one.
#pragma once

#include <string_view>

namespace birdhouse::ops::docs {

std::string_view page_styles(); // project_docs.css
std::string_view page_script(); // project_docs.js
std::string_view page_icons();  // project_docs_icons.svg: symbols, to be used by their names

} // namespace birdhouse::ops::docs
