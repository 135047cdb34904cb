// The steps of graph_layout.cpp, each a function of its own: columns, lanes, order, rows. A layered drawing
// after Sugiyama, Tagawa and Toda, with two turns of our own: a column holds only so many boxes, since a
// table with a hundred readers would be a mile high otherwise, and the arrows of one box share their way past
// a column.
#pragma once

#include "ops/graph_layout.hpp"

#include <vector>

namespace birdhouse::ops::layout {

inline constexpr double kRowGap = 12; // between boxes of a column
inline constexpr double kLaneGap = 9; // beside an arrow that passes through a column

// What stands in a column: a box, or a lane that lets arrows pass. Boxes come first and keep their indices.
struct Stop {
    std::size_t column = 0;
    double height = 0;
    bool lane = false;
};

struct LayeredGraph {
    std::vector<Stop> stops;
    std::vector<std::vector<std::size_t>> columns; // stops from top to bottom
    std::vector<std::vector<std::size_t>> left;    // of each stop, those it is joined to in the column before
    std::vector<std::vector<std::size_t>> right;   // and in the column behind
    std::vector<std::vector<std::size_t>> ways;    // of each arrow, the stops from left to right
};

// Of each arrow: does it have to be turned round for the graph to have no rings? Arrows from a box to itself
// are left alone, here and below.
std::vector<bool> find_backward(std::size_t boxes, std::span<const Arrow> arrows);

// The column of each box: behind those of all boxes that lead to it, and no more than `most_rows` in one.
// `arrows` have no rings.
std::vector<std::size_t> choose_columns(std::size_t boxes, std::span<const Arrow> arrows,
                                        std::size_t most_rows);

// `arrows` are turned as `backward` says.
LayeredGraph add_lanes(std::span<const BoxSize> boxes, std::span<const Arrow> arrows,
                       const std::vector<bool>& backward, const std::vector<std::size_t>& column_of);

// Reorders the columns so that fewer ways cross.
void untangle(LayeredGraph& graph);
std::size_t count_crossings(const LayeredGraph& graph);

// The middle of each stop: in order, apart, and as near to what it is joined to as that allows.
std::vector<double> choose_rows(const LayeredGraph& graph);

} // namespace birdhouse::ops::layout
