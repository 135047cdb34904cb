// A datasource that is read without the project around it.
#pragma once

#include "ops/project.hpp"

#include <filesystem>
#include <string_view>

namespace birdhouse::ops {

// `events/visits.datasource`, `visits.yaml`: a file rather than the name of a datasource.
bool names_datasource_file(std::string_view name);

// A project of that one datasource, with the configuration of a project that says nothing. A definition that
// uses column groups does not read without its project.
OpenProject open_datasource_file(const std::filesystem::path& file, const Environment& environment);

} // namespace birdhouse::ops
