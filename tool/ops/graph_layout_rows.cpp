#include "ops/graph_layout_steps.hpp"

#include <algorithm>

namespace birdhouse::ops::layout {

namespace {

constexpr int kSweeps = 24;
constexpr double kLaneWeight = 6; // a bend in a long way is seen at once; a box a little off its place is not

// The least distance between the middles of two stops that follow each other in a column.
double distance(const Stop& above, const Stop& below) {
    const double gap = above.lane || below.lane ? kLaneGap : kRowGap;
    return (above.height + below.height) / 2 + gap;
}

double mean_of(const std::vector<std::size_t>& stops, const std::vector<double>& row, double otherwise) {
    double sum = 0;
    for (const std::size_t stop : stops) {
        sum += row[stop];
    }
    return stops.empty() ? otherwise : sum / static_cast<double>(stops.size());
}

// Places the stops of one column as near to their wishes as order and distances allow: the least sum of
// squares, by pooling neighbours whose wishes are in conflict.
class ColumnFitter {
public:
    void add(double wish, double weight, double gap_above) {
        offset_ += gap_above;
        offsets_.push_back(offset_);
        Pool pool{wish - offset_, weight, 1};
        while (!pools_.empty() && pools_.back().place > pool.place) {
            const Pool& above = pools_.back();
            const double weights = above.weight + pool.weight;
            pool.place = (above.place * above.weight + pool.place * pool.weight) / weights;
            pool.weight = weights;
            pool.stops += above.stops;
            pools_.pop_back();
        }
        pools_.push_back(pool);
    }

    std::vector<double> places() const {
        std::vector<double> out;
        for (const Pool& pool : pools_) {
            for (std::size_t i = 0; i < pool.stops; ++i) {
                out.push_back(pool.place + offsets_[out.size()]);
            }
        }
        return out;
    }

private:
    struct Pool {
        double place = 0; // without the distances above
        double weight = 0;
        std::size_t stops = 0;
    };
    std::vector<Pool> pools_;
    std::vector<double> offsets_;
    double offset_ = 0;
};

template <class Wish>
void fit(const LayeredGraph& graph, const std::vector<std::size_t>& column, std::vector<double>& row,
         const Wish& wish) {
    ColumnFitter fitter;
    for (std::size_t i = 0; i < column.size(); ++i) {
        const Stop& stop = graph.stops[column[i]];
        fitter.add(wish(column[i]), stop.lane ? kLaneWeight : 1,
                   i == 0 ? 0 : distance(graph.stops[column[i - 1]], stop));
    }
    const std::vector<double> places = fitter.places();
    for (std::size_t i = 0; i < column.size(); ++i) {
        row[column[i]] = places[i];
    }
}

// One below the other, all columns centred on one line.
std::vector<double> stacked(const LayeredGraph& graph) {
    std::vector<double> row(graph.stops.size(), 0);
    for (const std::vector<std::size_t>& column : graph.columns) {
        double at = 0;
        for (std::size_t i = 0; i < column.size(); ++i) {
            at += i == 0 ? 0 : distance(graph.stops[column[i - 1]], graph.stops[column[i]]);
            row[column[i]] = at;
        }
        for (const std::size_t stop : column) {
            row[stop] -= at / 2;
        }
    }
    return row;
}

} // namespace

std::vector<double> choose_rows(const LayeredGraph& graph) {
    std::vector<double> row = stacked(graph);
    const std::size_t count = graph.columns.size();
    for (int i = 0; i < kSweeps; ++i) {
        const bool rightwards = i % 2 == 0;
        const auto& side = rightwards ? graph.left : graph.right;
        for (std::size_t c = 0; c < count; ++c) {
            fit(graph, graph.columns[rightwards ? c : count - 1 - c], row,
                [&](std::size_t stop) { return mean_of(side[stop], row, row[stop]); });
        }
    }
    for (const std::vector<std::size_t>& column : graph.columns) {
        fit(graph, column, row, [&](std::size_t stop) {
            const double left = mean_of(graph.left[stop], row, row[stop]);
            const double right = mean_of(graph.right[stop], row, row[stop]);
            return graph.left[stop].empty() ? right : graph.right[stop].empty() ? left : (left + right) / 2;
        });
    }
    return row;
}

} // namespace birdhouse::ops::layout
