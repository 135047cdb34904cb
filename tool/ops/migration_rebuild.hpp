// The two statements of a rebuild that are more than one statement: the copy, partition by partition, and the
// swap, held against what was copied before and after. Knows nothing of the ledger.
#pragma once

#include "base/result.hpp"
#include "target/channel.hpp"
#include "target/plan.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// A partition as it is: merges change neither of the two numbers, an insert changes both.
struct PartitionState {
    std::string partition; // its id
    std::uint64_t rows = 0;
    std::int64_t newest_block = 0;
    friend bool operator==(const PartitionState&, const PartitionState&) = default;
};

// As the ledger keeps it, and back; nothing for a text that is none.
std::string write_partition(const PartitionState& state);
std::optional<PartitionState> parse_partition(std::string_view text);

Result<std::vector<PartitionState>> read_partitions(target::SqlChannel& channel, const std::string& database,
                                                    const std::string& table);

// Is anything called as the rebuild will call the table it keeps?
Result<void> refuse_kept_table(target::SqlChannel& channel, const std::string& database,
                               const target::RebuildCheck& check);

struct CopyRun {
    target::SqlChannel& channel;
    const std::string& database;
    const target::Statement& statement;
    std::vector<PartitionState> copied; // by an earlier run
    bool begun = false;                 // a partition may be there in part
    std::function<Result<void>(const PartitionState&)> on_copied;
};
Result<void> copy_partitions(const CopyRun& run);

struct SwapRun {
    target::SqlChannel& channel;
    const std::string& database;
    const target::Statement& statement;
    std::optional<std::vector<PartitionState>> copied; // absent: the engine has no partitions
    bool swapped = false;                              // by an earlier run that died right after
};
// The error, if any, is why the step has to start again: the tables are as they were before the swap.
Result<std::optional<Error>> swap_checked(const SwapRun& run);

// A statement of any kind, on an engine that nobody else has and that need not be resumed.
Result<void> execute_alone(target::SqlChannel& channel, const std::string& database,
                           const target::Statement& statement);

} // namespace birdhouse::ops
