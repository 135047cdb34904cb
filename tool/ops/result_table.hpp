// Rows for people: aligned columns of text, numbers to the right, cut to the width of a terminal.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace birdhouse::ops {

struct ResultTable {
    std::string text;
    std::size_t rows = 0;
    std::size_t hidden_columns = 0; // at the right: there was no room for them
};

// `json_compact` is the engine's JSONCompact.
Result<ResultTable> render_table(std::string_view json_compact, std::size_t width);

} // namespace birdhouse::ops
