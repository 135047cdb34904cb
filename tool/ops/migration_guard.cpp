#include "ops/migration_guard.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace birdhouse::ops {

namespace {

void report_missing_allowance(const model::MigrationStep& step, const Loss& loss, Diagnostics& diagnostics) {
    const std::string key = loss.subject.find('.') == std::string::npos ? "datasource" : "column";
    diagnostics.add(*loss.code, step.origin.span, "this step destroys " + loss.what,
                    "if that is meant, permit it in this file: `allow: [{code: " +
                        std::string(loss.code->id) + ", " + key + ": " + loss.subject +
                        ", rows: N}]`, where N is the most rows that may lose something "
                        "(`birdhouse migrate plan` counts them)");
}

} // namespace

const model::Allowance* allowance_for(const model::Migration& migration, const Loss& loss) {
    const auto found =
        std::find_if(migration.allow.begin(), migration.allow.end(), [&](const model::Allowance& allowance) {
            return allowance.code == loss.code->id && allowance.subject == loss.subject;
        });
    return found == migration.allow.end() ? nullptr : &*found;
}

void check_allowances(const model::Migration& migration, model::Schema before, Diagnostics& diagnostics) {
    if (migration.checkpoint) {
        return; // it builds from nothing, or does nothing
    }
    std::vector<const model::Allowance*> used;
    for (const model::MigrationStep& step : migration.steps) {
        for (const Loss& loss : losses_of(step.action, before, "")) {
            if (const model::Allowance* allowance = allowance_for(migration, loss)) {
                used.push_back(allowance);
            } else {
                report_missing_allowance(step, loss, diagnostics);
            }
        }
        if (model::apply_step(step.action, before)) {
            return; // the step does not fit: reported by the replay, and what follows would be guesswork
        }
    }
    for (const model::Allowance& allowance : migration.allow) {
        if (std::find(used.begin(), used.end(), &allowance) == used.end()) {
            diagnostics.add(codes::F224, allowance.origin.span,
                            "no step of this migration needs " + backquoted(allowance.code) + " for " +
                                backquoted(allowance.subject),
                            "remove the allowance, or correct its code or its subject");
        }
    }
}

Result<std::uint64_t> count_loss(target::SqlChannel& channel, const Loss& loss) {
    TRY_ASSIGN(const target::QueryResult result, channel.query(loss.count_sql, "TSV", {}));
    std::uint64_t count = 0;
    const std::string_view digits = trim(result.bytes);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), count).ec != std::errc()) {
        return Error{ExitCode::Failed,
                     "the target answered " + backquoted(digits) + " where a number was expected", ""};
    }
    return count;
}

} // namespace birdhouse::ops
