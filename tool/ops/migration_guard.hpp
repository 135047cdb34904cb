// What a step would destroy, and whether the migration file permits it: typed and counted, never a global
// switch.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "model/schema.hpp"
#include "target/channel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// What is lost when a step runs on a table with rows.
struct Loss {
    const Code* code;
    std::string subject;      // `llm_events.old`, `llm_events`
    std::string what;         // "the values of column `llm_events.old`"
    std::string count_sql;    // counts the rows that lose something
    std::string examples_sql; // of an Enum: the values that go, each with its rows; else empty
};

// None when the step destroys nothing. `before` is the schema the step meets.
std::vector<Loss> losses_of(const model::StepAction& action, const model::Schema& before,
                            std::string_view database);

// The allowance in the migration's file that covers the loss, if any.
const model::Allowance* allowance_for(const model::Migration& migration, const Loss& loss);

// Every destructive step has an allowance, and every allowance a step. `before` is the schema that the
// migration's first step meets.
void check_allowances(const model::Migration& migration, model::Schema before, Diagnostics& diagnostics);

// The rows of the target that would lose something.
Result<std::uint64_t> count_loss(target::SqlChannel& channel, const Loss& loss);

} // namespace birdhouse::ops
