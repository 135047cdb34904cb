#include "ops/chart_drawing.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>

namespace birdhouse::ops {

namespace {

constexpr std::size_t kHeight = 8;         // lines of a panel
constexpr std::size_t kEighths = 8;        // steps within one character
constexpr std::size_t kNarrowestPlot = 20; // a narrower terminal gets lines that run over
constexpr std::size_t kWidestSlot = 4;
constexpr std::size_t kLongestLabel = 40;

constexpr auto kRising = std::to_array<std::string_view>({" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"});
constexpr auto kGrowing = std::to_array<std::string_view>({"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"});

std::string number_text(double number) {
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.6g", number);
    return std::string(text.data(), static_cast<std::size_t>(std::max(length, 0)));
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

std::string left_padded(const std::string& text, std::size_t width) {
    return std::string(width - std::min(width, count_code_points(text)), ' ') + text;
}

std::string right_padded(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, count_code_points(text)), ' ');
}

struct Scale {
    double low = 0;
    double high = 1;
    // Eighths of a line above the axis.
    std::size_t level(double value) const {
        const double share = high > low ? (value - low) / (high - low) : 0;
        const auto steps = static_cast<double>(kHeight * kEighths);
        return static_cast<std::size_t>(std::clamp(std::round(share * steps), 0.0, steps));
    }
};

// Zero belongs to every scale: a chart that leaves it out makes small differences look large.
Scale scale_of(const std::vector<ChartPoint>& points) {
    Scale scale{0, 0};
    for (const ChartPoint& point : points) {
        scale.low = std::min(scale.low, point.value);
        scale.high = std::max(scale.high, point.value);
    }
    return scale;
}

// Where each moment goes: `count` slots of `width` characters.
struct Slots {
    std::size_t count = 1;
    std::size_t width = 1;
};

Slots slots_for(const TimeAxis& axis, std::size_t room) {
    const double moments = axis.step > 0 ? std::floor((axis.last - axis.first) / axis.step + 0.5) + 1 : 1;
    if (moments > static_cast<double>(room)) {
        return {room, 1};
    }
    const auto count = static_cast<std::size_t>(moments);
    return {count, std::clamp<std::size_t>(room / count, 1, kWidestSlot)};
}

std::vector<std::optional<double>> values_by_slot(const ChartSeries& series, const TimeAxis& axis,
                                                  std::size_t count) {
    std::vector<double> sums(count, 0);
    std::vector<std::size_t> counts(count, 0);
    for (const ChartPoint& point : series.points) {
        const double share = axis.last > axis.first ? (point.at - axis.first) / (axis.last - axis.first) : 0;
        const auto slot = static_cast<std::size_t>(std::clamp(
            std::round(share * static_cast<double>(count - 1)), 0.0, static_cast<double>(count - 1)));
        sums[slot] += point.value;
        ++counts[slot];
    }
    std::vector<std::optional<double>> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (counts[i] != 0) {
            values[i] = sums[i] / static_cast<double>(counts[i]);
        }
    }
    return values;
}

std::string panel_line(const std::vector<std::optional<double>>& values, const Scale& scale, Slots slots,
                       std::size_t line) {
    const std::size_t floor = (kHeight - 1 - line) * kEighths;
    std::string out;
    for (const std::optional<double>& value : values) {
        const std::size_t level = value ? scale.level(*value) : 0;
        const std::size_t filled = level > floor ? std::min(level - floor, kEighths) : 0;
        const std::size_t gap = slots.width > 2 ? 1 : 0; // columns stand apart where there is room
        out += repeated(kRising[filled], slots.width - gap) + std::string(gap, ' ');
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

} // namespace

std::string draw_panel(const ChartSeries& series, const TimeAxis& axis, std::size_t width) {
    const Scale scale = scale_of(series.points);
    const std::string high = number_text(scale.high);
    const std::string low = number_text(scale.low);
    const std::size_t margin = std::max(high.size(), low.size());
    const std::size_t room = std::max(width, margin + 2 + kNarrowestPlot) - margin - 2;
    const Slots slots = slots_for(axis, room);
    const auto values = values_by_slot(series, axis, slots.count);
    std::string out = series.name + "\n";
    for (std::size_t line = 0; line < kHeight; ++line) {
        const std::string label = line == 0 ? high : "";
        out += left_padded(label, margin) + (line == 0 ? " ┤" : " │") +
               panel_line(values, scale, slots, line) + "\n";
    }
    const std::size_t plot = slots.count * slots.width;
    out += left_padded(low, margin) + " └" + repeated("─", plot) + "\n";
    const std::string indent(margin + 2, ' ');
    const std::size_t labels = axis.first_label.size() + axis.last_label.size();
    const std::size_t between = plot > labels ? plot - labels : 2;
    return out + indent + axis.first_label + std::string(between, ' ') + axis.last_label + "\n";
}

std::string draw_bars(const std::vector<ChartBar>& bars, std::size_t width) {
    std::size_t label_width = 0;
    std::size_t value_width = 0;
    double longest = 0;
    for (const ChartBar& bar : bars) {
        label_width = std::max(label_width, std::min(count_code_points(bar.label), kLongestLabel));
        value_width = std::max(value_width, bar.shown.size());
        longest = std::max(longest, std::fabs(bar.value));
    }
    const std::size_t taken = label_width + value_width + 3;
    const std::size_t room = std::max(width, taken + kNarrowestPlot) - taken;
    std::string out;
    for (const ChartBar& bar : bars) {
        const double share = longest > 0 ? std::fabs(bar.value) / longest : 0;
        const auto eighths =
            static_cast<std::size_t>(std::round(share * static_cast<double>(room * kEighths)));
        const bool negative = bar.value < 0;
        const std::string drawn =
            negative ? repeated("▒", eighths / kEighths)
                     : repeated("█", eighths / kEighths) + std::string(kGrowing[eighths % kEighths]);
        out += right_padded(shorten(bar.label, kLongestLabel - 1), label_width) + "  " + drawn +
               (drawn.empty() ? "" : " ") + bar.shown + "\n";
    }
    return out;
}

} // namespace birdhouse::ops
