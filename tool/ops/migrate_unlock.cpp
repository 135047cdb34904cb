// `migrate unlock`: a lock whose owner is dead goes away.
#include "base/text.hpp"
#include "ops/confirmation.hpp"
#include "ops/migrate.hpp"
#include "target/lock.hpp"

namespace birdhouse::ops {

Result<UnlockReport> unlock_target(const OpenProject& project, Session& session, const std::string& target,
                                   bool force, const std::string& confirm) {
    TRY_ASSIGN(const model::TargetSettings settings, choose_target(project.project.config, target));
    if (Result<void> confirmed = refuse_unless_confirmed(settings, confirm); !confirmed) {
        Error error = std::move(confirmed).error();
        error.hint =
            "`birdhouse migrate status` tells who has the lock; then give `--confirm " + settings.name + "`";
        return error;
    }
    UnlockReport report{settings.name, ""};
    if (!session.targets.exists(settings, session.folder)) {
        return report;
    }
    TRY_ASSIGN(const std::unique_ptr<target::SqlTarget> opened,
               session.targets.open(settings, session.folder));
    target::TargetLock lock(opened->channel(), opened->database());
    TRY_ASSIGN(const std::optional<target::LockHolder> holder, lock.holder());
    if (!holder) {
        return report;
    }
    report.holder = describe(*holder);
    if (!holder->expired && !force) {
        return Error{ExitCode::Refused,
                     "target " + backquoted(settings.name) + " is locked by " + report.holder,
                     "once you know that this run is dead: `birdhouse migrate unlock --force`"};
    }
    TRY(lock.remove());
    return report;
}

} // namespace birdhouse::ops
