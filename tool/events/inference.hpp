// A datasource proposed from events: every key becomes a column of the narrowest type that is safe.
#pragma once

#include "events/json_row.hpp"
#include "events/value_evidence.hpp"
#include "model/datasource.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::events {

// What stands in one place of the events, and below it.
struct PlaceEvidence {
    std::string key;
    ValueEvidence own;
    ValueEvidence below; // all values of the keys of its objects, whatever the key
    std::vector<PlaceEvidence> children;
    bool crowded = false;                    // more different keys than columns could be made of
    std::unique_ptr<PlaceEvidence> elements; // of its arrays
};

struct Proposal {
    model::Datasource datasource;
    // What a reader should know about a column, by its name: conflicts, and guesses.
    std::map<std::string, std::vector<std::string>, std::less<>> notes;
    bool complete = true; // false: there were more keys than a datasource could have columns
};

class Inference {
public:
    // `row` is a parsed event. Of two equal keys the first counts.
    void add(const JsonRow& row);
    std::uint64_t rows() const { return rows_; }

    Proposal propose(std::string name) const;

private:
    void add_value(PlaceEvidence& place, const JsonRow& row, std::size_t index, int depth);
    void add_object(PlaceEvidence& place, const JsonRow& row, std::size_t index, int depth);
    PlaceEvidence* child_of(PlaceEvidence& place, const std::string& key, std::size_t expected, int depth);

    PlaceEvidence root_;
    std::uint64_t rows_ = 0;
    std::size_t places_ = 0;
};

} // namespace birdhouse::events
