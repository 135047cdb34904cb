#include "ops/confirmation.hpp"

#include "base/text.hpp"

namespace birdhouse::ops {

Result<void> refuse_unless_confirmed(const model::TargetSettings& settings, const std::string& confirmed) {
    if (!settings.is_protected || confirmed == settings.name) {
        return {};
    }
    return Error{ExitCode::Refused,
                 confirmed.empty() ? "target " + backquoted(settings.name) + " is protected"
                                   : backquoted(confirmed) + " confirms another target than " +
                                         backquoted(settings.name) + ", which is protected",
                 "look at what `--dry-run` prints, then give `--confirm " + settings.name + "`"};
}

} // namespace birdhouse::ops
