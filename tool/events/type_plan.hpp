// A column's type, prepared for checking values: one flat list of nodes, wrappers folded away.
#pragma once

#include "events/numbers.hpp"
#include "syntax/clickhouse_type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::events {

enum class ValueKind : std::uint8_t {
    Integer,
    Float,
    Decimal,
    Bool,
    String,
    FixedString,
    Uuid,
    Date,
    DateTime,
    DateTime64,
    Array,
    Map,
    Json,
};

struct TypeNode {
    ValueKind kind = ValueKind::String;
    bool nullable = false;
    bool takes_numeric_text = false; // "123" as a number
    bool takes_boolean = false;      // UInt8 only
    bool takes_fraction = true;      // DateTime: cut, not kept
    bool zoned = false;              // a time with its own time zone, which need not be UTC
    unsigned bits = 0;               // Integer, Float
    unsigned length = 0;             // FixedString: bytes. Decimal: precision
    unsigned scale = 0;              // Decimal, DateTime64: digits behind the point
    IntegerLimits limits;            // Integer
    std::int64_t first = 0;          // Date: days since 1970; times: seconds
    std::int64_t last = 0;
    unsigned first_year = 0; // all of these years lie between first and last
    unsigned last_year = 0;
    std::uint64_t short_limit = 0; // Integer: what numbers of up to eight digits must not exceed
    std::size_t element = 0;       // index of the node of an Array's elements, a Map's values
    std::size_t key = 0;           // of a Map's keys
    std::string shown;             // the type as messages name it
};

struct TypePlan {
    std::vector<TypeNode> nodes; // the first is the column's own
};

// What of this is a matter of the ingestion rules.
struct ReadingRules {
    bool numeric_text_into_narrow_integers = false;
    bool numeric_text_into_wide_integers = true;
    bool boolean_into_uint8 = true;
    bool fraction_into_datetime = true;
};

// Nothing when the type is not among those that events can fill; `unsupported` then names the part that is
// not.
std::optional<TypePlan> plan_type(const syntax::ClickHouseType& type, const ReadingRules& rules,
                                  std::string& unsupported);

} // namespace birdhouse::events
