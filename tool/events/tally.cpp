#include "events/tally.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/explain.hpp"
#include "events/json_text.hpp"
#include "syntax/json_path.hpp"

#include <algorithm>

namespace birdhouse::events {

namespace {

constexpr std::size_t kMostDroppedKeys = 1'000;

// What is wrong stands from `begin` to `end` in the row.
Sample sample_at(std::string_view row, RowPlace place, std::uint32_t begin, std::uint32_t end,
                 std::string text) {
    const std::uint64_t column = count_code_points(row.substr(0, begin)) + 1;
    return {std::string(place.file), place.line, column,
            column + count_code_points(row.substr(begin, end - begin)), std::move(text)};
}

} // namespace

void Tally::add(const EventSchema& schema, std::string_view row, RowPlace place, const Verdict& verdict) {
    if (verdict.is_clean()) {
        ++accepted_;
        return;
    }
    switch (verdict.status) {
    case RowStatus::Accepted:
        ++accepted_;
        break;
    case RowStatus::Quarantined:
        ++quarantined_;
        break;
    case RowStatus::NotAnEvent:
        ++not_events_;
        break;
    }
    rule_breaking_ += verdict.status == RowStatus::Accepted && !verdict.broken_rules.empty() ? 1U : 0U;
    add_notes(reasons_, schema, row, place, verdict.reasons);
    add_notes(broken_rules_, schema, row, place, verdict.broken_rules);
    add_notes(warnings_, schema, row, place, verdict.warnings);
    for (const DroppedField& field : verdict.dropped) {
        add_dropped(schema, row, place, field);
    }
}

void Tally::add_too_long(RowPlace place, std::size_t limit) {
    ++not_events_;
    TallyEntry& entry = reasons_[{kNoColumn, &codes::E022}];
    ++entry.count;
    if (wants_sample(entry)) {
        entry.samples.push_back(
            sample_at({}, place, 0, 0, "the line is longer than " + counted(limit, "byte")));
    }
}

void Tally::add_notes(TallyTable& into, const EventSchema& schema, std::string_view row, RowPlace place,
                      const std::vector<RowNote>& notes) const {
    for (const RowNote& note : notes) {
        TallyEntry& entry = into[{note.column, note.code}];
        ++entry.count;
        if (gathers_ && note.column != kNoColumn && note.end != note.begin) {
            entry.values.add(row.substr(note.begin, note.end - note.begin));
        }
        if (wants_sample(entry)) {
            entry.samples.push_back(
                sample_at(row, place, note.begin, note.end, explain_for_report(schema, row, note)));
        }
    }
}

void Tally::add_dropped(const EventSchema& schema, std::string_view row, RowPlace place,
                        const DroppedField& field) {
    const std::string_view written = row.substr(field.begin + 1, field.end - field.begin - 2);
    auto found = dropped_.find(std::pair(field.parent, written));
    if (found == dropped_.end()) {
        if (dropped_.size() == kMostDroppedKeys) {
            ++other_dropped_;
            return;
        }
        DroppedKeys keys{schema.path_of(field.parent), {}};
        std::string key;
        append_unescaped(key, written);
        syntax::append_json_path_key(keys.path, key);
        found = dropped_.emplace(std::pair(field.parent, std::string(written)), std::move(keys)).first;
    }
    TallyEntry& entry = found->second.entry;
    if (entry.count++ == 0) {
        entry.samples.push_back(sample_at(row, place, field.begin, field.end, {}));
    }
}

std::vector<DroppedKeys> Tally::dropped() const {
    std::vector<DroppedKeys> keys;
    for (const auto& [place, dropped] : dropped_) {
        keys.push_back(dropped);
    }
    std::sort(keys.begin(), keys.end(),
              [](const DroppedKeys& a, const DroppedKeys& b) { return a.path < b.path; });
    return keys;
}

void Tally::merge(const Tally& later, std::uint64_t lines) {
    accepted_ += later.accepted_;
    quarantined_ += later.quarantined_;
    not_events_ += later.not_events_;
    rule_breaking_ += later.rule_breaking_;
    other_dropped_ += later.other_dropped_;
    merge_table(reasons_, later.reasons_, lines);
    merge_table(broken_rules_, later.broken_rules_, lines);
    merge_table(warnings_, later.warnings_, lines);
    for (const auto& [place, dropped] : later.dropped_) {
        const auto known = dropped_.find(place);
        if (known != dropped_.end()) {
            known->second.entry.count += dropped.entry.count;
        } else if (dropped_.size() < kMostDroppedKeys) {
            DroppedKeys& added = dropped_.emplace(place, dropped).first->second;
            added.entry.samples.front().line += lines;
        } else {
            other_dropped_ += dropped.entry.count;
        }
    }
}

void Tally::merge_table(TallyTable& into, const TallyTable& later, std::uint64_t lines) const {
    for (const auto& [key, entry] : later) {
        if (entry.count != 0) {
            merge_entry(into[key], entry, lines);
        }
    }
}

void Tally::merge_entry(TallyEntry& into, const TallyEntry& later, std::uint64_t lines) const {
    into.count += later.count;
    if (gathers_) {
        into.values.merge(later.values);
    }
    for (const Sample& sample : later.samples) {
        if (wants_sample(into)) {
            into.samples.push_back(sample);
            into.samples.back().line += lines;
        }
    }
}

Tally Tally::take_part() {
    Tally part(most_samples_, gathers_);
    std::swap(part.accepted_, accepted_);
    std::swap(part.quarantined_, quarantined_);
    std::swap(part.not_events_, not_events_);
    std::swap(part.rule_breaking_, rule_breaking_);
    std::swap(part.other_dropped_, other_dropped_);
    // Dropped keys are forgotten: which of them are among the first must not depend on who counted what.
    std::swap(part.dropped_, dropped_);
    for (auto [table, into] :
         {std::pair{&reasons_, &part.reasons_}, std::pair{&broken_rules_, &part.broken_rules_},
          std::pair{&warnings_, &part.warnings_}}) {
        for (auto& [key, entry] : *table) {
            if (entry.count == 0) {
                continue;
            }
            TallyEntry& taken = (*into)[key];
            std::swap(taken.count, entry.count);
            entry.given += entry.samples.size();
            std::swap(taken.samples, entry.samples);
            std::swap(taken.values, entry.values);
        }
    }
    return part;
}

} // namespace birdhouse::events
