// Rows as a drawing for the terminal: values over time as columns, values by name as bars. What a result must
// be like to be drawn is decided here; one that is not says why.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace birdhouse::ops {

struct ResultChart {
    std::string text;
    std::size_t rows = 0;
    std::string unfit; // why there is no chart: "a chart needs numbers, and no column holds any"
    bool fits() const { return unfit.empty(); }
};

// `json_compact` is the engine's JSONCompact.
Result<ResultChart> render_chart(std::string_view json_compact, std::size_t width);

} // namespace birdhouse::ops
