// Events made for a datasource: rows that ingestion and the definition's rules take, and rows that ingestion
// must refuse. The checker has the last word on each.
#pragma once

#include "events/checker.hpp"
#include "events/sample_value.hpp"
#include "events/schema.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace birdhouse::events {

class SampleRows {
public:
    // `schema` must outlive this.
    SampleRows(const EventSchema& schema, std::uint64_t seed);

    // A row that nothing is to be said against. Nothing when none was found: then `complaint` says of the
    // last try what was wrong with it.
    std::optional<std::string> good_row(std::string& complaint);

    // A row that ingestion refuses; `verdict` holds until the next call.
    struct BadRow {
        std::string text;
        const Verdict* verdict = nullptr;
    };
    std::optional<BadRow> bad_row(std::string& complaint);

    Chance& chance() { return chance_; }

private:
    // What is written for a column instead of a value that fits; without a text: nothing, the key is left
    // out.
    using Faults = std::map<std::uint32_t, std::optional<std::string>>;

    std::string make_row(const Faults& faults);
    void append_fields(std::string& out, std::uint32_t node, const Faults& faults);
    std::optional<std::string> make_value(std::uint32_t node, const Faults& faults);
    std::optional<std::string> make_elements(const PathNode& node);
    std::string make_fields(const PathNode& node);
    std::string spoiled_row(const std::string& good);
    std::optional<std::string> wrong_value(const EventColumn& column);

    const EventSchema& schema_;
    Chance chance_;
    SampleValues values_;
    EventChecker checker_;
};

} // namespace birdhouse::events
