// The ledger of an embedded target as it was last read, in a file beside the engine's own. The engine loads
// every table of a storage before it answers, which a look at the ledger need not wait for.
//
// The copy counts only while the files of the ledger's table are those it was read from. Every insert, merge
// and change of the table adds or removes a file, whoever makes it: the copy is void then, and the engine is
// asked. So it may be deleted at any time, and is no second truth.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"
#include "target/ledger.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::target {

class LedgerCopy {
public:
    // `storage`: the folder of the embedded target.
    LedgerCopy(std::filesystem::path storage, std::string database)
        : storage_(std::move(storage)), database_(std::move(database)) {}

    // Nothing when there is none, it is void, or a lock is on the target.
    std::optional<std::vector<LedgerEntry>> read() const;

    // The entries as the engine gives them, of which a copy is left where that is possible. The storage is
    // open in this process.
    Result<std::vector<LedgerEntry>> renew(Ledger& ledger) const;

private:
    std::filesystem::path file() const;
    std::string files_of_ledger() const;

    std::filesystem::path storage_;
    std::string database_;
};

// Of an embedded target; nothing for the others, which answer without loading anything.
std::optional<LedgerCopy> ledger_copy_of(const model::TargetSettings& settings,
                                         const std::filesystem::path& project_folder);

} // namespace birdhouse::target
