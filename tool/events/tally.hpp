// Counts over many rows: by reason and column, with the first few places of each. Memory does not grow
// with the number of rows; two tallies of consecutive parts of one input merge into that of the whole.
#pragma once

#include "events/schema.hpp"
#include "events/value_evidence.hpp"
#include "events/verdict.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::events {

// Where a row stands.
struct RowPlace {
    std::string_view file;
    std::uint64_t line = 0;
};

struct Sample {
    std::string file;
    std::uint64_t line = 0;
    std::uint64_t column = 1;     // in code points, from 1
    std::uint64_t end_column = 1; // behind what is wrong; `column` when nothing stands there
    std::string text;             // the reason in words, values masked
    friend bool operator==(const Sample&, const Sample&) = default;
};

struct TallyEntry {
    std::uint64_t count = 0;
    std::vector<Sample> samples; // the first ones
    std::size_t given = 0;       // samples handed on by Tally::take_part
    ValueEvidence values;        // those that were wrong, when the tally gathers them
    friend bool operator==(const TallyEntry&, const TallyEntry&) = default;
};

// What is counted together: one reason on one column.
struct TallyKey {
    std::uint32_t column = kNoColumn;
    const Code* code = nullptr;
    friend bool operator<(const TallyKey& a, const TallyKey& b) {
        return a.column != b.column ? a.column < b.column : a.code->id < b.code->id;
    }
};
using TallyTable = std::map<TallyKey, TallyEntry>;

struct DroppedKeys {
    std::string path; // `$.usage.reasoning_tokens`
    TallyEntry entry;
};

class Tally {
public:
    // `gathers`: what wrong values have in common is kept as well.
    explicit Tally(std::size_t most_samples = 3, bool gathers = false)
        : most_samples_(most_samples), gathers_(gathers) {}

    void add(const EventSchema& schema, std::string_view row, RowPlace place, const Verdict& verdict);
    // A line that was never read as a row.
    void add_too_long(RowPlace place, std::size_t limit);
    // `later` follows this part in the input; both of one schema. Its rows stand `lines` further down than
    // they say.
    void merge(const Tally& later, std::uint64_t lines = 0);
    // What was added since the last call, as a tally of its own. Samples that earlier parts make superfluous
    // are not even made, so a part costs little after the first few.
    Tally take_part();

    std::size_t most_samples() const { return most_samples_; }
    bool gathers() const { return gathers_; }
    const TallyTable& reasons() const { return reasons_; }
    const TallyTable& broken_rules() const { return broken_rules_; }
    const TallyTable& warnings() const { return warnings_; }
    std::vector<DroppedKeys> dropped() const; // by path
    // Dropped keys beyond the first 1,000 different ones, counted together.
    std::uint64_t other_dropped() const { return other_dropped_; }

    std::uint64_t rows() const { return accepted_ + quarantined_ + not_events_; }
    std::uint64_t accepted() const { return accepted_; } // by ingestion, those that break a rule included
    std::uint64_t quarantined() const { return quarantined_; }
    std::uint64_t not_events() const { return not_events_; }
    std::uint64_t rule_breaking() const { return rule_breaking_; } // accepted rows that break a rule
    std::uint64_t refused() const { return quarantined_ + not_events_; }
    std::uint64_t with_problems() const { return refused() + rule_breaking_; }

private:
    // By node of the schema and the key as written, so that looking up a known one makes no text.
    struct DroppedOrder {
        using is_transparent = void;
        template <class Left, class Right>
        bool operator()(const Left& a, const Right& b) const {
            return a.first != b.first ? a.first < b.first
                                      : std::string_view(a.second) < std::string_view(b.second);
        }
    };
    using DroppedTable = std::map<std::pair<std::uint32_t, std::string>, DroppedKeys, DroppedOrder>;

    void add_notes(TallyTable& into, const EventSchema& schema, std::string_view row, RowPlace place,
                   const std::vector<RowNote>& notes) const;
    void add_dropped(const EventSchema& schema, std::string_view row, RowPlace place,
                     const DroppedField& field);
    bool wants_sample(const TallyEntry& entry) const {
        return entry.given + entry.samples.size() < most_samples_;
    }
    void merge_table(TallyTable& into, const TallyTable& later, std::uint64_t lines) const;
    void merge_entry(TallyEntry& into, const TallyEntry& later, std::uint64_t lines) const;

    std::size_t most_samples_;
    bool gathers_;
    TallyTable reasons_;
    TallyTable broken_rules_;
    TallyTable warnings_;
    DroppedTable dropped_;
    std::uint64_t other_dropped_ = 0;
    std::uint64_t accepted_ = 0;
    std::uint64_t quarantined_ = 0;
    std::uint64_t not_events_ = 0;
    std::uint64_t rule_breaking_ = 0;
};

} // namespace birdhouse::events
