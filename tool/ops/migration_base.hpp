// The project as a git revision holds it, to verify a change from where it began.
#pragma once

#include "base/result.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"

#include <memory>
#include <string>

namespace birdhouse::ops {

// One that is usable.
Result<std::unique_ptr<OpenProject>> open_base(const Session& session, const std::string& revision);

} // namespace birdhouse::ops
