// What may be lost when a column of one ClickHouse type is stored in a column of another. Types are text as
// the engine prints it; whether it knows a conversion at all is the engine's to say.
#pragma once

#include <string>
#include <string_view>

namespace birdhouse::ops {

struct TypeFit {
    bool same = false; // LowCardinality apart: it changes how values are kept, not which
    bool null_into_plain = false;
    std::string loss; // "a number beyond Int32 wraps"; empty when every value arrives
};

TypeFit fit_type(std::string_view from, std::string_view into);

} // namespace birdhouse::ops
