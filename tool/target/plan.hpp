// A migration step as the statements a ClickHouse gets. Pure: the same step and schema give the same text.
#pragma once

#include "model/schema.hpp"

#include <optional>
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
    // It is sent once for each partition of the table, bound to {partition:String}: partitions that were
    // copied are passed over, one that was begun is cleared first.
    EachPartition,
    // It may run any number of times, and does so in each run until the tables are swapped: its effect does
    // not outlive the engine's process.
    UntilSwapped,
    // It swaps a filled shadow with its table, once both are seen to hold the same rows.
    CheckedSwap,
};

// What a rebuild is held against while it runs. Names are the tables' own, without the database.
struct RebuildCheck {
    std::string table;
    std::string shadow; // as the swap leaves it, the old table
    std::string kept;   // what the old table is called at last; nothing may be called so before
    std::string clear;  // takes {partition:String} out of the shadow; empty: the step starts again
    std::string
        table_digest; // rows of partition, count, checksum of the values as they will be; may be empty
    std::string shadow_digest; // the same of the shadow: equal once all is copied
    friend bool operator==(const RebuildCheck&, const RebuildCheck&) = default;
};

struct Statement {
    std::string sql;
    std::string object; // the table or view whose state the statement changes
    Resume resume = Resume::ByState;
    std::optional<RebuildCheck> rebuild; // of a rebuild's first statement, copy and swap
    friend bool operator==(const Statement&, const Statement&) = default;
};

// Fills a table with what a materialization's query gives. Views map columns by name and INSERT ... SELECT by
// position: so each is named, and what the table does not have is left out.
std::string insert_by_name(const std::string& table, const std::string& sql,
                           const model::Datasource& columns_of);

// The table or view that a step changes.
std::string object_of(const model::StepAction& action);

// `before` is the schema the step meets; the step is known to fit it. `kept_as` tells apart the tables that
// rebuilds keep: `before_0003_key`.
std::vector<Statement> plan_step(const model::StepAction& action, const model::Schema& before,
                                 std::string_view database, std::string_view kept_as = "before");

} // namespace birdhouse::target
