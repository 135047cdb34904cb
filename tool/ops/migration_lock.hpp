// Opening a target for a run that changes it: alone. Waits for others up to a time, then leaves.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"
#include "ops/session.hpp"
#include "target/lock.hpp"
#include "target/target.hpp"

#include <chrono>
#include <memory>

namespace birdhouse::ops {

inline constexpr std::chrono::seconds kLockTerm{3600}; // renewed while the run is at work

struct LockedTarget {
    std::unique_ptr<target::SqlTarget> target;
    std::unique_ptr<target::TargetLock> lock; // gone before the target
    LockedTarget() = default;
    LockedTarget(LockedTarget&&) = default;
    LockedTarget& operator=(LockedTarget&&) = delete;
    LockedTarget(const LockedTarget&) = delete;
    LockedTarget& operator=(const LockedTarget&) = delete;
    ~LockedTarget() = default;
};

// A storage that another process has open counts as locked too. ExitCode::Refused once the time is over.
Result<std::unique_ptr<target::SqlTarget>>
open_waiting(Session& session, const model::TargetSettings& settings, std::chrono::seconds wait);
Result<LockedTarget> open_locked(Session& session, const model::TargetSettings& settings,
                                 const std::string& who, std::chrono::seconds wait);

} // namespace birdhouse::ops
