#include "ops/migration_progress.hpp"

namespace birdhouse::ops {

namespace {

void clear(Progress& progress) {
    progress.started.clear();
    progress.done.clear();
    progress.notes.clear();
}

void finish(Progress& progress, const target::LedgerEntry& entry) {
    progress.applied = entry.event != target::LedgerEvent::RolledBack;
    progress.applied_at = progress.applied ? entry.at : "";
    clear(progress);
}

bool ends_migration(target::LedgerEvent event) {
    return event == target::LedgerEvent::Applied || event == target::LedgerEvent::RolledBack ||
           event == target::LedgerEvent::Baselined;
}

void note_statement(Progress& progress, const target::LedgerEntry& entry) {
    if (progress.direction != entry.direction) {
        clear(progress);
        progress.direction = entry.direction;
    }
    const Place place{entry.step, entry.statement};
    if (entry.event == target::LedgerEvent::Restarted) {
        progress.forget(entry.step);
        return;
    }
    progress.started.insert(place);
    if (entry.event == target::LedgerEvent::Noted) {
        progress.notes[place].push_back(entry.detail);
    } else if (entry.event == target::LedgerEvent::Done) {
        progress.done.insert(place);
    } else if (entry.event == target::LedgerEvent::Started) {
        progress.done.erase(place); // a step that starts again: what it did before no longer counts
    }
}

} // namespace

void Progress::forget(std::uint32_t step) {
    std::erase_if(started, [&](const Place& place) { return place.step == step; });
    std::erase_if(done, [&](const Place& place) { return place.step == step; });
    std::erase_if(notes, [&](const auto& one) { return one.first.step == step; });
}

std::map<std::string, Progress> read_progress(std::span<const target::LedgerEntry> entries) {
    std::map<std::string, Progress> all;
    for (const target::LedgerEntry& entry : entries) {
        Progress& progress = all[entry.migration];
        progress.checksum = entry.checksum;
        if (ends_migration(entry.event)) {
            finish(progress, entry);
        } else {
            note_statement(progress, entry);
        }
    }
    return all;
}

} // namespace birdhouse::ops
