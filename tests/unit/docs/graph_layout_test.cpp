// The layout of graphs: what holds for every graph, and what a reader of small ones expects.
#include "ops/graph_layout.hpp"
#include "ops/graph_layout_steps.hpp"

#include <algorithm>
#include <ctime>
#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse::ops;

namespace {

struct Graph {
    std::vector<BoxSize> boxes;
    std::vector<Arrow> arrows;
};

Graph graph_of(std::size_t boxes, std::vector<Arrow> arrows) {
    return {std::vector<BoxSize>(boxes, BoxSize{160, 32}), std::move(arrows)};
}

GraphLayout lay_out(const Graph& graph) { return layout_graph(graph.boxes, graph.arrows); }

// A workspace's shape: landings, views into rollups, endpoints over a few of both, and some that stand alone.
Graph random_workspace(std::size_t size, unsigned seed, bool rings) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
    };
    Graph graph;
    for (std::size_t box = 0; box < size; ++box) {
        graph.boxes.push_back({60.0 + static_cast<double>(below(200)), 32});
        if (box == 0 || below(12) == 0) {
            continue;
        }
        for (std::size_t i = 1 + below(3); i > 0; --i) {
            const std::size_t hub = below(3) == 0 ? below(box) : below(1 + box / 8);
            graph.arrows.push_back({hub, box});
            if (rings && below(10) == 0) {
                graph.arrows.push_back({box, hub});
            }
        }
    }
    return graph;
}

bool overlap(const PlacedBox& a, const PlacedBox& b) {
    return a.corner.x < b.corner.x + b.width && b.corner.x < a.corner.x + a.width &&
           a.corner.y < b.corner.y + b.height && b.corner.y < a.corner.y + a.height;
}

std::size_t count_overlaps(const GraphLayout& layout) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            count += overlap(layout.boxes[i], layout.boxes[j]) ? 1U : 0U;
        }
    }
    return count;
}

bool is_within(const Point& point, const GraphLayout& layout) {
    constexpr double kRounding = 1e-6;
    return point.x >= -kRounding && point.x <= layout.width + kRounding && point.y >= -kRounding &&
           point.y <= layout.height + kRounding;
}

bool all_within(const GraphLayout& layout) {
    for (const PlacedBox& box : layout.boxes) {
        if (!is_within(box.corner, layout) ||
            !is_within({box.corner.x + box.width, box.corner.y + box.height}, layout)) {
            return false;
        }
    }
    for (const Route& route : layout.routes) {
        for (const Point& point : route.points) {
            if (!is_within(point, layout)) {
                return false;
            }
        }
    }
    return true;
}

double middle(const PlacedBox& box) { return box.corner.y + box.height / 2; }

// A level stretch of a route must not touch a box: `passes_through` is true when one does.
bool passes_through(const Route& route, const PlacedBox& box) {
    for (std::size_t i = 2; i < route.points.size(); i += 2) {
        const Point& from = route.points[i - 1];
        const Point& to = route.points[i];
        const double left = std::min(from.x, to.x);
        const double right = std::max(from.x, to.x);
        if (from.y > box.corner.y && from.y < box.corner.y + box.height && left < box.corner.x + box.width &&
            right > box.corner.x) {
            return true;
        }
    }
    return false;
}

} // namespace

TEST_CASE("nothing and a single box have a layout") {
    CHECK(lay_out({}).boxes.empty());
    const GraphLayout one = lay_out(graph_of(1, {}));
    REQUIRE(one.boxes.size() == 1);
    CHECK(one.boxes[0].corner == Point{0, 0});
    CHECK(one.width == 160);
    CHECK(one.height == 32);
}

TEST_CASE("a chain is a straight line from left to right") {
    const GraphLayout layout = lay_out(graph_of(4, {{0, 1}, {1, 2}, {2, 3}}));
    for (std::size_t i = 1; i < 4; ++i) {
        CHECK(layout.boxes[i].column == i);
        CHECK(layout.boxes[i].corner.y == layout.boxes[0].corner.y);
        CHECK(layout.boxes[i].corner.x > layout.boxes[i - 1].corner.x + layout.boxes[i - 1].width);
    }
    CHECK(layout.height == 32);
}

TEST_CASE("a box stands in the middle of those that it leads to") {
    const GraphLayout layout = lay_out(graph_of(4, {{0, 1}, {0, 2}, {0, 3}}));
    CHECK(middle(layout.boxes[0]) == Approx(middle(layout.boxes[2])));
    CHECK(layout.boxes[1].corner.y < layout.boxes[2].corner.y);
    CHECK(layout.boxes[2].corner.y < layout.boxes[3].corner.y);
}

TEST_CASE("ways that need not cross do not") {
    // As they came, 0 -> 3, 1 -> 2: the right column has to be turned round.
    const GraphLayout layout = lay_out(graph_of(5, {{0, 3}, {1, 2}, {0, 4}, {1, 4}}));
    const bool left_above = layout.boxes[0].corner.y < layout.boxes[1].corner.y;
    const bool right_above = layout.boxes[3].corner.y < layout.boxes[2].corner.y;
    CHECK(left_above == right_above);
}

TEST_CASE("a source that is read late stands near its reader") {
    const GraphLayout layout = lay_out(graph_of(5, {{0, 1}, {1, 2}, {2, 3}, {4, 3}}));
    CHECK(layout.boxes[4].column == 2);
}

TEST_CASE("a column of many readers is split, and those with readers of their own stay in front") {
    Graph graph = graph_of(102, {});
    for (std::size_t box = 1; box < 101; ++box) {
        graph.arrows.push_back({0, box});
    }
    graph.arrows.push_back({100, 101});
    const GraphLayout layout = lay_out(graph);
    CHECK(layout.width / layout.height > 1.2);
    CHECK(layout.width / layout.height < 2.4);
    CHECK(layout.boxes[100].column == 1);
    CHECK(layout.boxes[101].column == 2);
    CHECK(layout.boxes[99].column > 2);
    CHECK(count_overlaps(layout) == 0);
}

TEST_CASE("arrows of one box share their way past a column") {
    // 0 leads to 1, and past it to 2 and 3.
    const GraphLayout layout = lay_out(graph_of(4, {{0, 1}, {1, 2}, {1, 3}, {0, 2}, {0, 3}}));
    REQUIRE(layout.routes[3].points.size() == 4);
    REQUIRE(layout.routes[4].points.size() == 4);
    CHECK(layout.routes[3].points[1] == layout.routes[4].points[1]);
    CHECK(layout.routes[3].points[2] == layout.routes[4].points[2]);
    CHECK_FALSE(passes_through(layout.routes[3], layout.boxes[1]));
}

TEST_CASE("a ring is drawn with one arrow that runs backward") {
    const GraphLayout layout = lay_out(graph_of(3, {{0, 1}, {1, 2}, {2, 0}}));
    CHECK_FALSE(layout.routes[0].backward);
    CHECK_FALSE(layout.routes[1].backward);
    REQUIRE(layout.routes[2].backward);
    const Route& back = layout.routes[2];
    CHECK(back.points.front().x == layout.boxes[2].corner.x);
    CHECK(back.points.back().x == layout.boxes[0].corner.x + layout.boxes[0].width);
    CHECK_FALSE(passes_through(back, layout.boxes[1]));
}

TEST_CASE("an arrow from a box to itself has no route") {
    const GraphLayout layout = lay_out(graph_of(2, {{0, 0}, {0, 1}, {1, 1}}));
    CHECK(layout.routes[0].points.empty());
    CHECK(layout.routes[1].points.size() == 2);
    CHECK(layout.routes[2].points.empty());
    CHECK(lay_out(graph_of(1, {{0, 0}})).boxes.size() == 1);
}

TEST_CASE("boxes that nothing touches stand in rows below the rest") {
    const GraphLayout layout = lay_out(graph_of(6, {{0, 1}}));
    for (std::size_t box = 2; box < 6; ++box) {
        CHECK(layout.boxes[box].corner.y > layout.boxes[0].corner.y + 32);
    }
    CHECK(count_overlaps(layout) == 0);
    CHECK(lay_out(graph_of(40, {})).width > 500);
}

TEST_CASE("in any graph boxes are apart, arrows lead to the right, and ways pass beside boxes") {
    for (unsigned seed = 0; seed < 40; ++seed) {
        const Graph graph = random_workspace(3 + seed * 4, seed, seed % 2 == 1);
        INFO("seed " << seed);
        const GraphLayout layout = lay_out(graph);
        REQUIRE(layout.boxes.size() == graph.boxes.size());
        REQUIRE(layout.routes.size() == graph.arrows.size());
        CHECK(count_overlaps(layout) == 0);
        CHECK(all_within(layout));
        std::size_t touched = 0;
        for (std::size_t i = 0; i < graph.arrows.size(); ++i) {
            const PlacedBox& from = layout.boxes[graph.arrows[i].from];
            const PlacedBox& to = layout.boxes[graph.arrows[i].to];
            const Route& route = layout.routes[i];
            REQUIRE(route.points.size() >= 2);
            CHECK(route.points.size() % 2 == 0);
            CHECK((route.backward ? from.column > to.column : from.column < to.column));
            const double leaves = route.backward ? from.corner.x : from.corner.x + from.width;
            const double arrives = route.backward ? to.corner.x + to.width : to.corner.x;
            CHECK(route.points.front().x == Approx(leaves));
            CHECK(route.points.back().x == Approx(arrives));
            CHECK(route.points.front().y == Approx(middle(from)));
            CHECK(route.points.back().y == Approx(middle(to)));
            for (const PlacedBox& box : layout.boxes) {
                touched += passes_through(route, box) ? 1U : 0U;
            }
        }
        CHECK(touched == 0);
    }
}

TEST_CASE("without rings no arrow runs backward") {
    for (unsigned seed = 0; seed < 10; ++seed) {
        for (const Route& route : lay_out(random_workspace(80, seed, false)).routes) {
            CHECK_FALSE(route.backward);
        }
    }
}

TEST_CASE("the same graph gives the same layout") {
    const Graph graph = random_workspace(200, 7, true);
    CHECK(lay_out(graph) == lay_out(graph));
}

TEST_CASE("untangling leaves no more crossings than it found") {
    const Graph graph = random_workspace(120, 3, false);
    const std::vector<bool> forward(graph.arrows.size(), false);
    layout::LayeredGraph layered = layout::add_lanes(
        graph.boxes, graph.arrows, forward, layout::choose_columns(graph.boxes.size(), graph.arrows, 20));
    layout::LayeredGraph as_it_came = layered;
    for (const layout::Stop& stop : as_it_came.stops) {
        as_it_came.columns.resize(std::max(as_it_came.columns.size(), stop.column + 1));
    }
    for (std::size_t i = 0; i < as_it_came.stops.size(); ++i) {
        as_it_came.columns[as_it_came.stops[i].column].push_back(i);
    }
    layout::untangle(layered);
    CHECK(layout::count_crossings(layered) < layout::count_crossings(as_it_came) / 2);
}

// Of this process's own time: the clock on the wall says more about what else the machine does.
TEST_CASE("a thousand boxes are placed in less than a second") {
    Graph graph = random_workspace(1000, 11, false);
    for (std::size_t box = 100; box < 1000; box += 100) {
        graph.arrows.push_back({box, box / 10});
    }
    const std::clock_t begin = std::clock();
    const GraphLayout layout = lay_out(graph);
    CHECK(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC < 1.0);
    CHECK(count_overlaps(layout) == 0);
}

TEST_CASE("a long chain and a deep ring need no deep stack") {
    constexpr std::size_t kLong = 10'000;
    Graph graph = graph_of(kLong, {});
    for (std::size_t box = 1; box < kLong; ++box) {
        graph.arrows.push_back({box - 1, box});
    }
    graph.arrows.push_back({kLong - 1, kLong - 2});
    CHECK(lay_out(graph).boxes.back().column == kLong - 1);
}
