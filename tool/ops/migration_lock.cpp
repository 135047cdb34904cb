#include "ops/migration_lock.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <cerrno>
#include <thread>

#include <signal.h>
#include <unistd.h>

namespace birdhouse::ops {

namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kBetweenTries{50};

// The host's part of user@host.
std::string_view host_of(std::string_view who) { return who.substr(std::min(who.find('@'), who.size())); }

// A process that was killed releases nothing. Of one on this machine it can be told.
bool is_gone(const target::LockHolder& holder, const std::string& me) {
    return holder.pid != 0 && host_of(holder.who) == host_of(me) &&
           ::kill(static_cast<pid_t>(holder.pid), 0) != 0 && errno == ESRCH;
}

Error locked(const target::LockHolder& holder, const std::string& target) {
    return {ExitCode::Refused,
            "target " + backquoted(target) + " is locked by " + target::describe(holder) +
                (holder.expired ? ", and the time of that lock is over" : ""),
            holder.expired ? "if that run is dead: `birdhouse migrate unlock --target " + target + "`"
                           : "wait for that run, or give more time with --lock-wait"};
}

// Two who see the same dead owner must not both remove its lock: the second would remove the first's. Only
// who makes this table may, and it looks again.
Result<void> take_away(target::SqlTarget& target, target::TargetLock& lock, const std::string& me) {
    if (target.is_exclusive()) {
        return lock.remove(); // who else could have the storage open is dead
    }
    const std::string guard = target::qualified_name(target.database(), target::kTakeoverTable);
    if (!target.channel().execute("CREATE TABLE " + guard +
                                  " (owner String) ENGINE = MergeTree ORDER BY tuple()")) {
        return {};
    }
    TRY_ASSIGN(const std::optional<target::LockHolder> holder, lock.holder());
    if (holder && is_gone(*holder, me)) {
        return lock.remove(); // and the guard with it
    }
    return target.channel().execute("DROP TABLE " + guard + " SYNC");
}

} // namespace

Result<std::unique_ptr<target::SqlTarget>>
open_waiting(Session& session, const model::TargetSettings& settings, std::chrono::seconds wait) {
    const Steady::time_point deadline = Steady::now() + wait;
    for (;;) {
        Result<std::unique_ptr<target::SqlTarget>> opened = session.targets.open(settings, session.folder);
        if (opened || opened.error().code != ExitCode::Refused || Steady::now() >= deadline) {
            return opened;
        }
        std::this_thread::sleep_for(kBetweenTries);
    }
}

Result<LockedTarget> open_locked(Session& session, const model::TargetSettings& settings,
                                 const std::string& who, std::chrono::seconds wait) {
    const Steady::time_point deadline = Steady::now() + wait;
    LockedTarget opened;
    TRY_ASSIGN(opened.target, open_waiting(session, settings, wait));
    opened.lock = std::make_unique<target::TargetLock>(opened.target->channel(), opened.target->database());
    for (int tries = 0;;) {
        TRY_ASSIGN(const bool taken,
                   opened.lock->take(who, static_cast<std::uint64_t>(::getpid()), kLockTerm));
        if (taken) {
            return opened;
        }
        TRY_ASSIGN(const std::optional<target::LockHolder> holder, opened.lock->holder());
        if (holder && (opened.target->is_exclusive() || is_gone(*holder, who))) {
            TRY(take_away(*opened.target, *opened.lock, who));
        }
        if (holder && Steady::now() >= deadline && !opened.target->is_exclusive() && ++tries > 1) {
            return locked(*holder, settings.name);
        }
        if (holder) {
            std::this_thread::sleep_for(kBetweenTries);
        }
    }
}

} // namespace birdhouse::ops
