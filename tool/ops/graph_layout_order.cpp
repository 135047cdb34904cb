#include "ops/graph_layout_steps.hpp"

#include <algorithm>
#include <numeric>

namespace birdhouse::ops::layout {

namespace {

using Columns = std::vector<std::vector<std::size_t>>;
using Neighbours = std::vector<std::vector<std::size_t>>;

constexpr int kMostSweeps = 24;
constexpr int kSweepsWithoutGain = 4;
constexpr int kMostExchanges = 8; // rounds

// Each column from top to bottom in the order in which a walk from box to box comes by: what belongs together
// begins together.
Columns first_order(const LayeredGraph& graph) {
    std::size_t columns = 0;
    for (const Stop& stop : graph.stops) {
        columns = std::max(columns, stop.column + 1);
    }
    Columns out(columns);
    std::vector<bool> seen(graph.stops.size(), false);
    for (std::size_t start = 0; start < graph.stops.size(); ++start) {
        std::vector<std::size_t> path{start};
        while (!path.empty()) {
            const std::size_t stop = path.back();
            path.pop_back();
            if (seen[stop]) {
                continue;
            }
            seen[stop] = true;
            out[graph.stops[stop].column].push_back(stop);
            for (const Neighbours* side : {&graph.left, &graph.right}) {
                const std::vector<std::size_t>& next = (*side)[stop];
                path.insert(path.end(), next.rbegin(), next.rend());
            }
        }
    }
    return out;
}

std::vector<std::size_t> positions(const LayeredGraph& graph) {
    std::vector<std::size_t> out(graph.stops.size(), 0);
    for (const std::vector<std::size_t>& column : graph.columns) {
        for (std::size_t row = 0; row < column.size(); ++row) {
            out[column[row]] = row;
        }
    }
    return out;
}

// Sorts a column by the mean position of what its stops are joined to on one side; a stop that is joined to
// nothing there keeps its place.
void sort_by_mean(std::vector<std::size_t>& column, const Neighbours& side,
                  const std::vector<std::size_t>& position) {
    struct Placed {
        std::size_t stop;
        double mean;
    };
    std::vector<Placed> joined;
    for (const std::size_t stop : column) {
        if (!side[stop].empty()) {
            double sum = 0;
            for (const std::size_t other : side[stop]) {
                sum += static_cast<double>(position[other]);
            }
            joined.push_back({stop, sum / static_cast<double>(side[stop].size())});
        }
    }
    std::stable_sort(joined.begin(), joined.end(),
                     [](const Placed& a, const Placed& b) { return a.mean < b.mean; });
    auto next = joined.begin();
    for (std::size_t& stop : column) {
        if (!side[stop].empty()) {
            stop = (next++)->stop;
        }
    }
}

void note_positions(const std::vector<std::size_t>& column, std::vector<std::size_t>& position) {
    for (std::size_t row = 0; row < column.size(); ++row) {
        position[column[row]] = row;
    }
}

void sweep(LayeredGraph& graph, bool rightwards) {
    std::vector<std::size_t> position = positions(graph);
    for (std::size_t i = 0; i < graph.columns.size(); ++i) {
        std::vector<std::size_t>& column = graph.columns[rightwards ? i : graph.columns.size() - 1 - i];
        sort_by_mean(column, rightwards ? graph.left : graph.right, position);
        note_positions(column, position);
    }
}

// How often the ways of `above` and `below` cross when they stand in this order, on one side.
std::size_t crossings_between(const std::vector<std::size_t>& above, const std::vector<std::size_t>& below,
                              const std::vector<std::size_t>& position) {
    std::size_t count = 0;
    for (const std::size_t a : above) {
        for (const std::size_t b : below) {
            count += position[a] > position[b] ? 1U : 0U;
        }
    }
    return count;
}

// Exchanges neighbours of a column while that helps: it undoes what the means cannot see.
void exchange_neighbours(LayeredGraph& graph) {
    constexpr std::size_t kTooManyPairs =
        4096; // a hub: comparing it with another costs too much for what it gives
    std::vector<std::size_t> position = positions(graph);
    bool better = true;
    for (int round = 0; better && round < kMostExchanges; ++round) {
        better = false;
        for (std::vector<std::size_t>& column : graph.columns) {
            for (std::size_t row = 1; row < column.size(); ++row) {
                std::size_t& a = column[row - 1];
                std::size_t& b = column[row];
                std::size_t as_is = 0;
                std::size_t exchanged = 0;
                for (const Neighbours* side : {&graph.left, &graph.right}) {
                    if ((*side)[a].size() * (*side)[b].size() <= kTooManyPairs) {
                        as_is += crossings_between((*side)[a], (*side)[b], position);
                        exchanged += crossings_between((*side)[b], (*side)[a], position);
                    }
                }
                if (exchanged < as_is) {
                    std::swap(a, b);
                    std::swap(position[a], position[b]);
                    better = true;
                }
            }
        }
    }
}

// A lane that leaves a box together with boxes that lead nowhere may stand anywhere among them without
// crossing more: in the middle, so that the columns behind do not sink like stairs.
void centre_lanes(const LayeredGraph& graph, std::vector<std::size_t>& column) {
    const auto alike = [&](std::size_t a, std::size_t b) {
        return graph.left[a] == graph.left[b] && (graph.stops[b].lane || graph.right[b].empty());
    };
    auto begin = column.begin();
    while (begin != column.end()) {
        const auto end =
            std::find_if_not(begin, column.end(), [&](std::size_t stop) { return alike(*begin, stop); });
        const auto lanes =
            std::stable_partition(begin, end, [&](std::size_t stop) { return !graph.stops[stop].lane; });
        std::rotate(begin + (lanes - begin) / 2, lanes, end);
        begin = end == begin ? begin + 1 : end;
    }
}

// Counts pairs that are out of order, with a tree of partial sums.
class InversionCounter {
public:
    explicit InversionCounter(std::size_t size) : tree_(size + 1, 0) {}

    // How many of the values added so far are greater than `value`; then adds it.
    std::size_t add(std::size_t value) {
        std::size_t not_greater = 0;
        for (std::size_t i = value + 1; i != 0; i &= i - 1) {
            not_greater += tree_[i];
        }
        for (std::size_t i = value + 1; i < tree_.size(); i += i & (~i + 1)) {
            ++tree_[i];
        }
        return added_++ - not_greater;
    }

private:
    std::vector<std::size_t> tree_;
    std::size_t added_ = 0;
};

} // namespace

std::size_t count_crossings(const LayeredGraph& graph) {
    const std::vector<std::size_t> position = positions(graph);
    std::size_t crossings = 0;
    for (std::size_t i = 0; i + 1 < graph.columns.size(); ++i) {
        InversionCounter counter(graph.columns[i + 1].size());
        for (const std::size_t stop : graph.columns[i]) {
            std::vector<std::size_t> rows;
            for (const std::size_t other : graph.right[stop]) {
                rows.push_back(position[other]);
            }
            std::sort(rows.begin(), rows.end());
            for (const std::size_t row : rows) {
                crossings += counter.add(row);
            }
        }
    }
    return crossings;
}

void untangle(LayeredGraph& graph) {
    graph.columns = first_order(graph);
    Columns best = graph.columns;
    std::size_t fewest = count_crossings(graph);
    int without_gain = 0;
    for (int i = 0; i < kMostSweeps && fewest != 0 && without_gain < kSweepsWithoutGain; ++i) {
        sweep(graph, i % 2 == 0);
        const std::size_t crossings = count_crossings(graph);
        ++without_gain;
        if (crossings < fewest) {
            fewest = crossings;
            best = graph.columns;
            without_gain = 0;
        }
    }
    graph.columns = std::move(best);
    exchange_neighbours(graph);
    for (std::vector<std::size_t>& column : graph.columns) {
        centre_lanes(graph, column);
    }
}

} // namespace birdhouse::ops::layout
