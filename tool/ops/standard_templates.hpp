// The standard generation templates, templates/*.tmpl of the source tree, built into the program: a project
// needs no templates folder.
#pragma once

#include <string_view>

namespace birdhouse::ops {

std::string_view standard_datasource_template();
std::string_view standard_pipe_template();
std::string_view standard_connection_template();

} // namespace birdhouse::ops
