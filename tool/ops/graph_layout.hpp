// Where boxes and arrows go so that a graph can be read: boxes in columns, arrows from left to right, few
// crossings, short ways. Knows sizes only, not what a box stands for and not how it is drawn.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace birdhouse::ops {

struct BoxSize {
    double width = 0;
    double height = 0;
};

struct Arrow {
    std::size_t from = 0; // indices of boxes
    std::size_t to = 0;
    friend bool operator==(const Arrow&, const Arrow&) = default;
};

struct Point {
    double x = 0;
    double y = 0;
    friend bool operator==(const Point&, const Point&) = default;
};

struct PlacedBox {
    Point corner; // upper left
    double width = 0;
    double height = 0;
    std::size_t column = 0; // within its connected part of the graph
    friend bool operator==(const PlacedBox&, const PlacedBox&) = default;
};

// From the edge of one box to the edge of the other. Pairs of points are gaps between columns, to be bridged
// by a curve that is level at both ends; between the pairs the way runs level across a column.
struct Route {
    std::vector<Point> points; // even in number; none for an arrow from a box to itself
    bool backward = false;     // runs from right to left: it closes a ring
    friend bool operator==(const Route&, const Route&) = default;
};

struct GraphLayout {
    std::vector<PlacedBox> boxes; // as they came
    std::vector<Route> routes;    // as the arrows came
    double width = 0;
    double height = 0;
    friend bool operator==(const GraphLayout&, const GraphLayout&) = default;
};

// The same graph gives the same layout. Where there is a choice, boxes stand in the order they came; in a
// ring the arrow that leads back to the earlier box is the one that runs backward.
GraphLayout layout_graph(std::span<const BoxSize> boxes, std::span<const Arrow> arrows);

} // namespace birdhouse::ops
