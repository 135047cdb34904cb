#include "ops/migration_progress.hpp"

namespace birdhouse::ops {

namespace {

void finish(Progress& progress, const target::LedgerEntry& entry) {
    progress.applied = entry.event == target::LedgerEvent::Applied;
    progress.applied_at = progress.applied ? entry.at : "";
    progress.started.clear();
    progress.done.clear();
}

void note_statement(Progress& progress, const target::LedgerEntry& entry) {
    if (progress.direction != entry.direction) {
        progress.started.clear();
        progress.done.clear();
        progress.direction = entry.direction;
    }
    const Place place{entry.step, entry.statement};
    progress.started.insert(place);
    if (entry.event == target::LedgerEvent::Done) {
        progress.done.insert(place);
    } else if (entry.event == target::LedgerEvent::Started) {
        progress.done.erase(place); // a step that starts again: what it did before no longer counts
    }
}

} // namespace

std::map<std::string, Progress> read_progress(std::span<const target::LedgerEntry> entries) {
    std::map<std::string, Progress> all;
    for (const target::LedgerEntry& entry : entries) {
        Progress& progress = all[entry.migration];
        progress.checksum = entry.checksum;
        const bool whole =
            entry.event == target::LedgerEvent::Applied || entry.event == target::LedgerEvent::RolledBack;
        if (whole) {
            finish(progress, entry);
        } else {
            note_statement(progress, entry);
        }
    }
    return all;
}

} // namespace birdhouse::ops
