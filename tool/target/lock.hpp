// One run at a time on a target: a table that only one can create, with its owner and times in its comment.
// No row is ever changed for it: a mutation is no lock.
#pragma once

#include "base/result.hpp"
#include "target/channel.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::target {

inline constexpr std::string_view kLockTable = "_birdhouse_lock";
inline constexpr std::string_view kTakeoverTable = "_birdhouse_lock_takeover"; // while a dead one is removed

struct LockHolder {
    std::string who;       // user@host
    std::uint64_t pid = 0; // of its process there
    std::string since;     // UTC, by the target's clock: `2026-11-20 23:00:00`
    std::string until;     // afterwards anybody may remove it
    bool expired = false;
    friend bool operator==(const LockHolder&, const LockHolder&) = default;
};

// "ana@ci-7 (process 4711) since 2026-11-20 23:00:00 UTC, until 2026-11-21 00:00:00 UTC"
std::string describe(const LockHolder& holder);

class TargetLock {
public:
    TargetLock(SqlChannel& channel, std::string database)
        : channel_(channel), database_(std::move(database)) {}
    ~TargetLock();
    TargetLock(const TargetLock&) = delete;
    TargetLock& operator=(const TargetLock&) = delete;

    // Nothing when nobody has it.
    Result<std::optional<LockHolder>> holder();
    // False when somebody has it. Held until `release` or the end of this object.
    Result<bool> take(const std::string& who, std::uint64_t pid, std::chrono::seconds term);
    // Puts the end off again once half of the term is over. Refused when the lock was taken away.
    Result<void> renew();
    Result<void> release();
    // Whoever has it.
    Result<void> remove();

private:
    Result<std::string> comment_for(std::string_view since);
    Result<std::string> comment_now();

    SqlChannel& channel_;
    std::string database_;
    std::string who_;
    std::uint64_t pid_ = 0;
    std::string since_;
    std::chrono::seconds term_{0};
    std::chrono::steady_clock::time_point renewed_;
    std::string comment_; // of the table while it is this object's; empty otherwise
};

} // namespace birdhouse::target
