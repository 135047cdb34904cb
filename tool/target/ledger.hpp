// The target's own record of what was done to it: one row before each statement, one after. Rows are only
// ever added. State is read from the newest rows, so a process killed at any point leaves a true record.
#pragma once

#include "base/result.hpp"
#include "target/channel.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

inline constexpr std::string_view kLedgerTable = "_birdhouse_ledger";

enum class Direction { Up, Down };

enum class LedgerEvent {
    Started,    // a statement is about to run
    Done,       // it ran, or was found to have run
    Failed,     // the target refused it; `detail` holds why
    Applied,    // every statement of the migration is done
    RolledBack, // every statement of its way back is done
    Noted,      // `detail` is what must be known to go on: a partition that was copied, a table's identity
    Restarted,  // what was recorded of this step no longer counts; `detail` holds why
    Baselined,  // applied by other means: nothing was sent
};

struct LedgerEntry {
    std::uint64_t sequence = 0; // 1, 2, 3 ... given by append
    std::string migration;
    std::string checksum; // of the migration file at that time
    Direction direction = Direction::Up;
    LedgerEvent event = LedgerEvent::Started;
    std::uint32_t step = 0; // both count from 0; meaningless for Applied and RolledBack
    std::uint32_t statement = 0;
    std::string statement_hash; // sha256 of the SQL
    std::string detail;         // the SQL, or the target's words when it failed
    std::string at;             // UTC, `2026-11-20 23:00:00.000000`; given by the target
    std::string who;            // user@host
    std::string tool_version;
    std::string git_revision; // of the project, empty when it is in no repository
};

// One row of the table as one line of JSON. The time is left out while the target has not given it.
std::string write_entry(const LedgerEntry& entry);
// Many of them, each ended by a line break.
Result<std::vector<LedgerEntry>> parse_entries(std::string_view rows);

class Ledger {
public:
    Ledger(SqlChannel& channel, std::string database) : channel_(channel), database_(std::move(database)) {}

    // Everything, oldest first; nothing when the table does not exist yet. Writes nothing.
    Result<std::vector<LedgerEntry>> read();
    // Makes the table when it is missing. Call once before append.
    Result<void> prepare();
    // Gives the entry the next sequence number and stores it.
    Result<void> append(LedgerEntry entry);

private:
    SqlChannel& channel_;
    std::string database_;
    std::uint64_t last_sequence_ = 0;
};

} // namespace birdhouse::target
