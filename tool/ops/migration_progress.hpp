// What the ledger says about each migration: applied, part-way, or not begun.
#pragma once

#include "target/ledger.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::ops {

struct Place {
    std::uint32_t step = 0;
    std::uint32_t statement = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
};

struct Progress {
    bool applied = false;   // before whatever is under way
    std::string applied_at; // UTC; empty unless applied
    std::string checksum;   // of the file when it was last begun or applied
    // What is under way; empty sets when nothing is.
    target::Direction direction = target::Direction::Up;
    std::set<Place> done;
    std::set<Place> started;                         // those of `done` included
    std::map<Place, std::vector<std::string>> notes; // in their order

    // What was done of a step no longer counts.
    void forget(std::uint32_t step);
    bool under_way() const { return !started.empty(); }
};

// By migration id. Migrations without rows are absent.
std::map<std::string, Progress> read_progress(std::span<const target::LedgerEntry> entries);

} // namespace birdhouse::ops
