// Which scalar type holds all values of which other one.
#pragma once

#include "syntax/clickhouse_type.hpp"

#include <cstdint>

namespace birdhouse::codec {

enum class ScalarFit : std::uint8_t {
    Same,
    Wider,    // every value of the one is a value of the other
    Narrower, // of the same family, and some values do not fit
    Text,     // every value has a text of its own
    Other,    // another family: numbers and times, times and texts
};

// From the one to the other, both in the form of type_form.hpp and without time zones.
ScalarFit fit(const syntax::ClickHouseType& before, const syntax::ClickHouseType& after);

} // namespace birdhouse::codec
