// Points and bars as lines of text, drawn with the block characters of Unicode. Knows nothing of queries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct ChartPoint {
    double at = 0; // seconds
    double value = 0;
};

struct ChartSeries {
    std::string name;
    std::vector<ChartPoint> points; // in any order
};

// The span of time that all panels of one chart share, with the texts its ends are labelled by.
struct TimeAxis {
    double first = 0;
    double last = 0;
    double step = 0; // between the two nearest moments
    std::string first_label;
    std::string last_label;
};

// One panel: a column for each moment, or for each stretch of time when there are more than fit; its height
// is the mean of what lies in it.
std::string draw_panel(const ChartSeries& series, const TimeAxis& axis, std::size_t width);

struct ChartBar {
    std::string label;
    double value = 0;
    std::string shown; // the value as it is written at the bar's end
};

std::string draw_bars(const std::vector<ChartBar>& bars, std::size_t width);

} // namespace birdhouse::ops
