// Which of two TTLs keeps rows longer, where their texts alone can tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::codec {

// `at + INTERVAL 3 DAY`, `at + toIntervalDay(3)`: a row lives for so long after a moment of its own. Months
// have no fixed length: one of the two counts is 0.
struct RowLife {
    std::string from; // the moment's expression, without layout
    std::uint64_t seconds = 0;
    std::uint64_t months = 0;
    friend bool operator==(const RowLife&, const RowLife&) = default;
};

// Nothing for any other form: several rules, TO DISK, WHERE, GROUP BY, an interval that is computed.
std::optional<RowLife> parse_row_life(std::string_view ttl);

enum class TtlChange { Same, Added, Removed, Shortened, Widened, Other };

// Of the lengths alone; never Added or Removed.
TtlChange compare_lives(const RowLife& before, const RowLife& after);

TtlChange compare_ttl(std::string_view before, std::string_view after);

// Is a row of the source gone while what was made of it is still kept? By the TTLs of the two; not told where
// a form is not known.
bool outlives(std::string_view target_ttl, std::string_view source_ttl);

} // namespace birdhouse::codec
