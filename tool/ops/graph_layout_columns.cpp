#include "ops/graph_layout_steps.hpp"

#include <algorithm>
#include <tuple>

namespace birdhouse::ops::layout {

namespace {

using Adjacency = std::vector<std::vector<std::size_t>>;

Adjacency followers(std::size_t boxes, std::span<const Arrow> arrows) {
    Adjacency out(boxes);
    for (const Arrow& arrow : arrows) {
        if (arrow.from != arrow.to) {
            out[arrow.from].push_back(arrow.to);
        }
    }
    return out;
}

std::vector<std::size_t> count_leaders(std::size_t boxes, std::span<const Arrow> arrows) {
    std::vector<std::size_t> counts(boxes, 0);
    for (const Arrow& arrow : arrows) {
        counts[arrow.to] += arrow.from != arrow.to ? 1U : 0U;
    }
    return counts;
}

// Walks from box to box along the arrows and meets the rings; without recursion, since a chain may be long.
class RingFinder {
public:
    RingFinder(std::size_t boxes, std::span<const Arrow> arrows)
        : arrows_(arrows), leaving_(boxes), state_(boxes, State::New), backward_(arrows.size(), false) {
        for (std::size_t i = 0; i < arrows.size(); ++i) {
            leaving_[arrows[i].from].push_back(i);
        }
    }

    void walk_from(std::size_t start) {
        if (state_[start] != State::New) {
            return;
        }
        enter(start);
        while (!path_.empty()) {
            Visit& visit = path_.back();
            if (visit.next == leaving_[visit.box].size()) {
                state_[visit.box] = State::Done;
                path_.pop_back();
                continue;
            }
            const std::size_t arrow = leaving_[visit.box][visit.next++];
            const std::size_t to = arrows_[arrow].to;
            if (state_[to] == State::New) {
                enter(to);
            } else if (state_[to] == State::Open && to != arrows_[arrow].from) {
                backward_[arrow] = true;
            }
        }
    }

    std::vector<bool> take() { return std::move(backward_); }

private:
    enum class State : unsigned char { New, Open, Done };
    struct Visit {
        std::size_t box = 0;
        std::size_t next = 0;
    };

    void enter(std::size_t box) {
        state_[box] = State::Open;
        path_.push_back({box, 0});
    }

    std::span<const Arrow> arrows_;
    Adjacency leaving_; // arrows
    std::vector<State> state_;
    std::vector<bool> backward_;
    std::vector<Visit> path_;
};

// How many arrows the longest way from each box has.
std::vector<std::size_t> steps_ahead(const Adjacency& follow, std::vector<std::size_t> leaders) {
    std::vector<std::size_t> order;
    for (std::size_t box = 0; box < follow.size(); ++box) {
        if (leaders[box] == 0) {
            order.push_back(box);
        }
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (const std::size_t next : follow[order[i]]) {
            if (--leaders[next] == 0) {
                order.push_back(next);
            }
        }
    }
    std::vector<std::size_t> ahead(follow.size(), 0);
    for (auto box = order.rbegin(); box != order.rend(); ++box) {
        for (const std::size_t next : follow[*box]) {
            ahead[*box] = std::max(ahead[*box], ahead[next] + 1);
        }
    }
    return ahead;
}

// A box that nothing leads to stands right before the first that it leads to, rather than far on the left.
void draw_sources_near(const Adjacency& follow, const std::vector<std::size_t>& leaders,
                       std::size_t most_rows, std::vector<std::size_t>& column_of) {
    std::vector<std::size_t> filled;
    for (const std::size_t column : column_of) {
        filled.resize(std::max(filled.size(), column + 1), 0);
        ++filled[column];
    }
    for (std::size_t box = 0; box < follow.size(); ++box) {
        if (leaders[box] != 0 || follow[box].empty()) {
            continue;
        }
        std::size_t wanted = column_of[follow[box].front()];
        for (const std::size_t next : follow[box]) {
            wanted = std::min(wanted, column_of[next]);
        }
        --wanted; // a follower stands in column 1 at the least
        while (wanted > column_of[box] && filled[wanted] >= most_rows) {
            --wanted;
        }
        --filled[column_of[box]];
        ++filled[wanted];
        column_of[box] = wanted;
    }
}

} // namespace

std::vector<bool> find_backward(std::size_t boxes, std::span<const Arrow> arrows) {
    const std::vector<std::size_t> leaders = count_leaders(boxes, arrows);
    RingFinder finder(boxes, arrows);
    for (std::size_t box = 0; box < boxes; ++box) {
        if (leaders[box] == 0) {
            finder.walk_from(box);
        }
    }
    for (std::size_t box = 0; box < boxes; ++box) {
        finder.walk_from(box); // what only rings lead to
    }
    return finder.take();
}

// Column by column, of the boxes whose leaders are all placed: those first that have the longest way ahead,
// so that it is boxes without followers that are moved on when a column is full; then those whose last leader
// stands in the column before.
std::vector<std::size_t> choose_columns(std::size_t boxes, std::span<const Arrow> arrows,
                                        std::size_t most_rows) {
    const Adjacency follow = followers(boxes, arrows);
    const std::vector<std::size_t> leaders = count_leaders(boxes, arrows);
    const std::vector<std::size_t> ahead = steps_ahead(follow, leaders);
    std::vector<std::size_t> waiting_for = leaders;
    std::vector<std::size_t> ready;
    for (std::size_t box = 0; box < boxes; ++box) {
        if (leaders[box] == 0) {
            ready.push_back(box);
        }
    }
    std::vector<std::size_t> column_of(boxes, 0);
    std::vector<std::size_t> ready_since(boxes, 0);
    for (std::size_t column = 0; !ready.empty(); ++column) {
        std::sort(ready.begin(), ready.end(), [&](std::size_t a, std::size_t b) {
            return std::tuple(ahead[b], ready_since[b], a) < std::tuple(ahead[a], ready_since[a], b);
        });
        const std::size_t taken = std::min(ready.size(), most_rows);
        std::vector<std::size_t> later(ready.begin() + static_cast<std::ptrdiff_t>(taken), ready.end());
        for (std::size_t i = 0; i < taken; ++i) {
            column_of[ready[i]] = column;
            for (const std::size_t next : follow[ready[i]]) {
                if (--waiting_for[next] == 0) {
                    ready_since[next] = column + 1;
                    later.push_back(next);
                }
            }
        }
        ready = std::move(later);
    }
    draw_sources_near(follow, leaders, most_rows, column_of);
    return column_of;
}

} // namespace birdhouse::ops::layout
