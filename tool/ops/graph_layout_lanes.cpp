#include "ops/graph_layout_steps.hpp"

#include <algorithm>
#include <map>

namespace birdhouse::ops::layout {

namespace {

// Lanes for arrows that pass columns. Those of one box share them; a box with but one such arrow shares those
// of the box it leads to, if others come from afar too.
class LaneMaker {
public:
    LaneMaker(LayeredGraph& graph, std::span<const Arrow> arrows, const std::vector<std::size_t>& column_of)
        : graph_(graph), column_of_(column_of), leaving_(column_of.size()), arriving_(column_of.size()),
          far_from_(column_of.size(), 0), far_to_(column_of.size(), 0) {
        for (const Arrow& arrow : arrows) {
            if (arrow.from != arrow.to && passed_by(arrow) != 0) {
                ++far_from_[arrow.from];
                ++far_to_[arrow.to];
            }
        }
    }

    std::vector<std::size_t> way_of(const Arrow& arrow, bool backward) {
        const std::size_t first = column_of_[arrow.from] + 1;
        std::vector<std::size_t> way{arrow.from};
        // What runs backward keeps to itself: on a shared lane nobody could tell where it leads.
        Lanes own;
        const bool joins = far_from_[arrow.from] == 1 && far_to_[arrow.to] > 1;
        Lanes& lanes = backward ? own : joins ? arriving_[arrow.to] : leaving_[arrow.from];
        for (std::size_t column = first; column < first + passed_by(arrow); ++column) {
            way.push_back(lane_in(column, lanes));
        }
        way.push_back(arrow.to);
        return way;
    }

private:
    using Lanes = std::map<std::size_t, std::size_t>; // by column

    std::size_t passed_by(const Arrow& arrow) const {
        return column_of_[arrow.to] - column_of_[arrow.from] - 1;
    }

    std::size_t lane_in(std::size_t column, Lanes& lanes) {
        const auto [lane, added] = lanes.try_emplace(column, graph_.stops.size());
        if (added) {
            graph_.stops.push_back({column, 0, true});
        }
        return lane->second;
    }

    LayeredGraph& graph_;
    const std::vector<std::size_t>& column_of_;
    std::vector<Lanes> leaving_;
    std::vector<Lanes> arriving_;
    std::vector<std::size_t> far_from_; // arrows that pass columns, by the box they leave
    std::vector<std::size_t> far_to_;
};

} // namespace

LayeredGraph add_lanes(std::span<const BoxSize> boxes, std::span<const Arrow> arrows,
                       const std::vector<bool>& backward, const std::vector<std::size_t>& column_of) {
    LayeredGraph graph;
    for (std::size_t box = 0; box < boxes.size(); ++box) {
        graph.stops.push_back({column_of[box], boxes[box].height, false});
    }
    LaneMaker lanes(graph, arrows, column_of);
    for (std::size_t i = 0; i < arrows.size(); ++i) {
        graph.ways.push_back(arrows[i].from == arrows[i].to ? std::vector<std::size_t>()
                                                            : lanes.way_of(arrows[i], backward[i]));
    }
    graph.left.resize(graph.stops.size());
    graph.right.resize(graph.stops.size());
    for (const std::vector<std::size_t>& way : graph.ways) {
        for (std::size_t i = 1; i < way.size(); ++i) {
            std::vector<std::size_t>& right = graph.right[way[i - 1]];
            if (std::find(right.begin(), right.end(), way[i]) == right.end()) {
                right.push_back(way[i]);
                graph.left[way[i]].push_back(way[i - 1]);
            }
        }
    }
    return graph;
}

} // namespace birdhouse::ops::layout
