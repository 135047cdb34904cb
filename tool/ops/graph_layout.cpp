#include "ops/graph_layout.hpp"

#include "ops/graph_layout_steps.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace birdhouse::ops {

namespace {

using layout::kRowGap;
using layout::LayeredGraph;

constexpr double kAspect = 1.7; // width to height of a whole drawing, if it can be had
constexpr double kNarrowestColumnGap = 56;
constexpr double kWidestColumnGap = 150;
constexpr double kSlope = 0.22; // of the steepest way in a gap: what climbs far needs room for it
constexpr double kPartGap = 44; // between parts of the graph that are not connected
constexpr double kIsolatedGap = 24;
constexpr std::size_t kFewestRows = 14; // a column of so many boxes is never split

// A connected part of the graph, with the numbers its boxes and arrows have in the whole.
struct Part {
    std::vector<std::size_t> boxes;
    std::vector<std::size_t> arrows;
};

std::size_t root_of(std::vector<std::size_t>& parent, std::size_t box) {
    while (parent[box] != box) {
        parent[box] = parent[parent[box]];
        box = parent[box];
    }
    return box;
}

// The largest first; of the same size, the one whose first box came first.
std::vector<Part> find_parts(std::size_t boxes, std::span<const Arrow> arrows) {
    std::vector<std::size_t> parent(boxes);
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    for (const Arrow& arrow : arrows) {
        const std::size_t a = root_of(parent, arrow.from);
        const std::size_t b = root_of(parent, arrow.to);
        parent[std::max(a, b)] = std::min(a, b);
    }
    std::vector<Part> parts;
    std::vector<std::size_t> part_of(boxes);
    for (std::size_t box = 0; box < boxes; ++box) {
        const std::size_t root = root_of(parent, box); // the least of its part, so it comes first
        if (root == box) {
            part_of[box] = parts.size();
            parts.emplace_back();
        }
        part_of[box] = part_of[root];
        parts[part_of[box]].boxes.push_back(box);
    }
    for (std::size_t i = 0; i < arrows.size(); ++i) {
        parts[part_of[arrows[i].from]].arrows.push_back(i);
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Part& a, const Part& b) { return a.boxes.size() > b.boxes.size(); });
    return parts;
}

// How many boxes a column may hold for the whole to have the wanted shape.
std::size_t rows_for(std::span<const BoxSize> boxes) {
    double width = 0;
    double height = 0;
    for (const BoxSize& box : boxes) {
        width += box.width;
        height += box.height;
    }
    const auto count = static_cast<double>(boxes.size());
    const double across = width / count + (kNarrowestColumnGap + kWidestColumnGap) / 2;
    const double down = height / count + kRowGap;
    return std::max(kFewestRows, static_cast<std::size_t>(std::sqrt(count * across / (down * kAspect))));
}

struct ColumnSpan {
    double left = 0;
    double right = 0;
};

// As wide as the widest box; the gaps as wide as the steepest way in them asks for.
std::vector<ColumnSpan> place_columns(const LayeredGraph& graph, std::span<const BoxSize> boxes,
                                      const std::vector<double>& row) {
    std::vector<ColumnSpan> spans;
    double x = 0;
    for (const std::vector<std::size_t>& column : graph.columns) {
        double width = 0;
        double climb = 0;
        for (const std::size_t stop : column) {
            width = std::max(width, graph.stops[stop].lane ? 0 : boxes[stop].width);
            for (const std::size_t next : graph.right[stop]) {
                climb = std::max(climb, std::abs(row[next] - row[stop]));
            }
        }
        spans.push_back({x, x + width});
        x += width + std::clamp(climb * kSlope, kNarrowestColumnGap, kWidestColumnGap);
    }
    return spans;
}

Route route_along(const std::vector<std::size_t>& way, const LayeredGraph& graph,
                  const std::vector<ColumnSpan>& spans, const std::vector<double>& row, bool backward) {
    Route route;
    route.backward = backward;
    for (std::size_t i = 1; i < way.size(); ++i) {
        const std::size_t from = way[i - 1];
        const std::size_t to = way[i];
        route.points.push_back({spans[graph.stops[from].column].right, row[from]});
        route.points.push_back({spans[graph.stops[to].column].left, row[to]});
    }
    if (backward) {
        std::reverse(route.points.begin(), route.points.end());
    }
    return route;
}

void shift(GraphLayout& drawn, double x, double y) {
    for (PlacedBox& box : drawn.boxes) {
        box.corner.x += x;
        box.corner.y += y;
    }
    for (Route& route : drawn.routes) {
        for (Point& point : route.points) {
            point.x += x;
            point.y += y;
        }
    }
}

// Moves the drawing to the origin and measures it.
void settle(GraphLayout& drawn) {
    double top = 0;
    double bottom = 0;
    bool first = true;
    const auto note = [&](double upper, double lower) {
        top = first ? upper : std::min(top, upper);
        bottom = first ? lower : std::max(bottom, lower);
        first = false;
    };
    for (const PlacedBox& box : drawn.boxes) {
        note(box.corner.y, box.corner.y + box.height);
        drawn.width = std::max(drawn.width, box.corner.x + box.width);
    }
    for (const Route& route : drawn.routes) {
        for (const Point& point : route.points) {
            note(point.y, point.y);
        }
    }
    shift(drawn, 0, -top);
    drawn.height = bottom - top;
}

GraphLayout lay_out_part(std::span<const BoxSize> boxes, std::vector<Arrow> arrows) {
    const std::vector<bool> backward = layout::find_backward(boxes.size(), arrows);
    for (std::size_t i = 0; i < arrows.size(); ++i) {
        if (backward[i]) {
            std::swap(arrows[i].from, arrows[i].to);
        }
    }
    const std::vector<std::size_t> column_of = layout::choose_columns(boxes.size(), arrows, rows_for(boxes));
    LayeredGraph graph = layout::add_lanes(boxes, arrows, backward, column_of);
    layout::untangle(graph);
    const std::vector<double> row = layout::choose_rows(graph);
    const std::vector<ColumnSpan> spans = place_columns(graph, boxes, row);
    GraphLayout drawn;
    for (std::size_t box = 0; box < boxes.size(); ++box) {
        const ColumnSpan& span = spans[column_of[box]];
        drawn.boxes.push_back({{span.left, row[box] - boxes[box].height / 2},
                               span.right - span.left,
                               boxes[box].height,
                               column_of[box]});
    }
    for (std::size_t i = 0; i < arrows.size(); ++i) {
        drawn.routes.push_back(route_along(graph.ways[i], graph, spans, row, backward[i]));
    }
    settle(drawn);
    return drawn;
}

// Where the next part goes: the upper outline of what is placed, as steps from left to right.
class Skyline {
public:
    explicit Skyline(double width) : steps_{{0, width, 0}} {}

    // The highest free place that is wide enough, the leftmost of these.
    Point put(double width, double height) {
        std::size_t best = 0;
        double best_y = -1;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const double y = height_over(i, width);
            if (y >= 0 && (best_y < 0 || y < best_y)) {
                best = i;
                best_y = y;
            }
        }
        const Point corner{steps_[best].x, best_y};
        raise(corner.x, width, best_y + height);
        return corner;
    }

private:
    struct Step {
        double x = 0;
        double width = 0;
        double y = 0;
    };

    // The lowest that something of this width can be put from step `i` on; negative when there is no room.
    double height_over(std::size_t i, double width) const {
        constexpr double kRounding = 1e-6;
        double y = 0;
        double left = width;
        for (; i < steps_.size() && left > kRounding; ++i) {
            y = std::max(y, steps_[i].y);
            left -= steps_[i].width;
        }
        return left > kRounding ? -1 : y;
    }

    void raise(double x, double width, double y) {
        std::vector<Step> raised;
        for (const Step& step : steps_) {
            const double end = step.x + step.width;
            if (step.x < x && end > x) {
                raised.push_back({step.x, x - step.x, step.y});
            } else if (end <= x) {
                raised.push_back(step);
            }
        }
        raised.push_back({x, width, y});
        for (const Step& step : steps_) {
            const double end = step.x + step.width;
            if (end > x + width) {
                const double begin = std::max(step.x, x + width);
                raised.push_back({begin, end - begin, step.y});
            }
        }
        steps_ = std::move(raised);
    }

    std::vector<Step> steps_;
};

// Boxes that no arrow touches, in rows from left to right.
GraphLayout lay_out_isolated(std::span<const BoxSize> boxes, double wanted_width) {
    GraphLayout drawn;
    double widest = 0;
    for (const BoxSize& box : boxes) {
        widest = std::max(widest, box.width);
    }
    const auto fitting = static_cast<std::size_t>((wanted_width + kIsolatedGap) / (widest + kIsolatedGap));
    const std::size_t across = std::clamp<std::size_t>(fitting, 1, std::max<std::size_t>(boxes.size(), 1));
    double y = 0;
    for (std::size_t begin = 0; begin < boxes.size(); begin += across) {
        const std::size_t end = std::min(begin + across, boxes.size());
        double height = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const double x = static_cast<double>(i - begin) * (widest + kIsolatedGap);
            drawn.boxes.push_back({{x, y}, widest, boxes[i].height, i - begin});
            height = std::max(height, boxes[i].height);
        }
        y += height + kRowGap;
    }
    settle(drawn);
    return drawn;
}

class Assembler {
public:
    Assembler(std::size_t boxes, std::size_t arrows) {
        whole_.boxes.resize(boxes);
        whole_.routes.resize(arrows);
    }

    void add(GraphLayout drawn, const Part& part, Point corner) {
        shift(drawn, corner.x, corner.y);
        for (std::size_t i = 0; i < part.boxes.size(); ++i) {
            whole_.boxes[part.boxes[i]] = drawn.boxes[i];
        }
        for (std::size_t i = 0; i < drawn.routes.size(); ++i) {
            whole_.routes[part.arrows[i]] = std::move(drawn.routes[i]);
        }
        whole_.width = std::max(whole_.width, corner.x + drawn.width);
        whole_.height = std::max(whole_.height, corner.y + drawn.height);
    }

    double width() const { return whole_.width; }
    double height() const { return whole_.height; }
    GraphLayout take() { return std::move(whole_); }

private:
    GraphLayout whole_;
};

std::vector<BoxSize> sizes_of(const Part& part, std::span<const BoxSize> boxes) {
    std::vector<BoxSize> sizes;
    for (const std::size_t box : part.boxes) {
        sizes.push_back(boxes[box]);
    }
    return sizes;
}

std::vector<Arrow> arrows_of(const Part& part, std::span<const Arrow> arrows) {
    const auto number = [&](std::size_t box) { // in the part: its boxes are in ascending order
        return static_cast<std::size_t>(std::lower_bound(part.boxes.begin(), part.boxes.end(), box) -
                                        part.boxes.begin());
    };
    std::vector<Arrow> out;
    for (const std::size_t arrow : part.arrows) {
        out.push_back({number(arrows[arrow].from), number(arrows[arrow].to)});
    }
    return out;
}

} // namespace

GraphLayout layout_graph(std::span<const BoxSize> boxes, std::span<const Arrow> arrows) {
    Assembler whole(boxes.size(), arrows.size());
    std::vector<GraphLayout> drawings;
    std::vector<Part> parts;
    Part isolated;
    double area = 0;
    double widest = 0;
    for (Part& part : find_parts(boxes.size(), arrows)) {
        if (part.boxes.size() == 1) {
            isolated.boxes.push_back(part.boxes.front());
            isolated.arrows.insert(isolated.arrows.end(), part.arrows.begin(), part.arrows.end());
            continue;
        }
        drawings.push_back(lay_out_part(sizes_of(part, boxes), arrows_of(part, arrows)));
        area += (drawings.back().width + kPartGap) * (drawings.back().height + kPartGap);
        widest = std::max(widest, drawings.back().width);
        parts.push_back(std::move(part));
    }
    const double width = std::max(widest, std::sqrt(area * kAspect)) + kPartGap;
    Skyline skyline(width);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Point corner = skyline.put(drawings[i].width + kPartGap, drawings[i].height + kPartGap);
        whole.add(std::move(drawings[i]), parts[i], corner);
    }
    if (!isolated.boxes.empty()) {
        const std::vector<BoxSize> sizes = sizes_of(isolated, boxes);
        double across = whole.width();
        if (parts.empty()) { // nothing is connected: a block of the wanted shape
            across = std::sqrt(static_cast<double>(sizes.size()) * kAspect *
                               (sizes.front().width + kIsolatedGap) * (sizes.front().height + kRowGap));
        }
        whole.add(lay_out_isolated(sizes, across), isolated,
                  {0, parts.empty() ? 0 : whole.height() + kPartGap});
    }
    return whole.take();
}

} // namespace birdhouse::ops
