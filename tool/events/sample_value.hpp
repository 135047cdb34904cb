// Values that look like those of a real producer, by the name and the type of a column.
#pragma once

#include "events/chance.hpp"
#include "events/schema.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace birdhouse::events {

class SampleValues {
public:
    explicit SampleValues(Chance& chance) : chance_(chance) {}

    // Times of one row lie around one moment, which moves on from row to row.
    void begin_row();

    // JSON that fits the column's type and mostly its rules: whoever writes rows checks them.
    std::string value(const EventColumn& column);
    // The same for one element of a column with `[:]` in its path.
    std::string element(const EventColumn& column);

private:
    std::string of_node(const EventColumn& column, const TypeNode& node, int depth);
    std::string list(const EventColumn& column, const TypeNode& element, int depth);
    std::string map(const EventColumn& column, const TypeNode& node, int depth);
    std::string integer(const EventColumn& column, const TypeNode& node);
    std::string fraction(const EventColumn& column, const TypeNode& node);
    std::string moment(const EventColumn& column, const TypeNode& node);
    std::string text(const EventColumn& column);
    std::string words_for(const std::string& name);
    std::string word_from(std::string_view words);
    std::string uuid();
    std::string hexadecimal(std::size_t digits);

    Chance& chance_;
    std::int64_t clock_ = 1'767'225'600; // 2026-01-01, in seconds since 1970
    std::uint64_t milliseconds_ = 0;
    std::uint64_t duration_ = 0; // seconds from the row's first time to its last
};

} // namespace birdhouse::events
