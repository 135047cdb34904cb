// A migration step as the statements a ClickHouse gets. Pure: the same step and schema give the same text.
#pragma once

#include "model/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

// How a run that finds this statement started but not recorded as done tells what happened.
enum class Resume {
    // The table's state says it: as it should be after, or still as before.
    ByState,
    // It may run any number of times.
    Repeat,
    // It fills a scratch table: start again at the first statement of the same step.
    RestartStep,
    // It swaps a filled scratch table with an empty one: done when the target is no longer empty.
    SwapOfEmpty,
};

struct Statement {
    std::string sql;
    std::string object; // the table or view whose state the statement changes
    Resume resume = Resume::ByState;
    friend bool operator==(const Statement&, const Statement&) = default;
};

// `before` is the schema the step meets; the step is known to fit it.
std::vector<Statement> plan_step(const model::StepAction& action, const model::Schema& before,
                                 std::string_view database);

} // namespace birdhouse::target
