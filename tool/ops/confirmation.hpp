// A protected target is changed only when its name was given as a confirmation.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"

#include <string>

namespace birdhouse::ops {

Result<void> refuse_unless_confirmed(const model::TargetSettings& settings, const std::string& confirmed);

} // namespace birdhouse::ops
