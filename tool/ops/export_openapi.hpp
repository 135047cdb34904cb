// `export openapi`: the project's endpoints as an OpenAPI document.
#pragma once

#include "ops/project.hpp"

#include <string>

namespace birdhouse::ops {

std::string export_openapi(const OpenProject& open, const std::string& server_url);

} // namespace birdhouse::ops
