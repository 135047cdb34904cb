#include "codec/column_runs.hpp"

#include "codec/definition_text.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace birdhouse::codec {

namespace {

constexpr std::size_t kFewestColumns = 3;
constexpr std::size_t kFewestDatasources = 3;
constexpr std::size_t kLongestRun = 60;
constexpr std::size_t kMostGroups = 50;

// A datasource's columns as numbers: equal columns have equal numbers, and what a group took is none.
using Sequence = std::vector<std::int64_t>;
constexpr std::int64_t kTaken = -1;

std::vector<Sequence> number_columns(const std::vector<model::Datasource>& datasources) {
    std::unordered_map<std::string, std::int64_t> numbers;
    std::vector<Sequence> sequences;
    for (const model::Datasource& datasource : datasources) {
        Sequence& sequence = sequences.emplace_back();
        for (const model::Column& column : datasource.columns) {
            const auto next = static_cast<std::int64_t>(numbers.size());
            sequence.push_back(numbers.try_emplace(write_flow(column_pairs(column)), next).first->second);
        }
    }
    return sequences;
}

struct Place {
    std::size_t datasource = 0;
    std::size_t first = 0;
};

struct Run {
    std::vector<Place> places; // one a datasource
    std::size_t length = 0;

    std::size_t saves() const { return length * (places.size() - 1); }
};

// Grows each shared start as far as three datasources still agree; the best of all lengths is the answer.
Run best_run(const std::vector<Sequence>& sequences) {
    Run best;
    std::map<std::vector<std::int64_t>, std::vector<Place>> open; // runs of one length
    for (std::size_t d = 0; d < sequences.size(); ++d) {
        for (std::size_t i = 0; i < sequences[d].size(); ++i) {
            std::vector<Place>& places = open[{sequences[d][i]}];
            // A broken datasource may hold a column twice: the first one counts.
            if (sequences[d][i] != kTaken && (places.empty() || places.back().datasource != d)) {
                places.push_back({d, i});
            }
        }
    }
    for (std::size_t length = 1; length <= kLongestRun && !open.empty(); ++length) {
        std::map<std::vector<std::int64_t>, std::vector<Place>> longer;
        for (auto& [key, places] : open) {
            if (places.size() < kFewestDatasources) {
                continue;
            }
            const Run run{places, length};
            if (length >= kFewestColumns && (best.places.empty() || run.saves() > best.saves())) {
                best = run;
            }
            for (const Place& place : places) {
                const Sequence& sequence = sequences[place.datasource];
                const std::size_t next = place.first + length;
                if (next < sequence.size() && sequence[next] != kTaken) {
                    std::vector<std::int64_t> grown = key;
                    grown.push_back(sequence[next]);
                    longer[std::move(grown)].push_back(place);
                }
            }
        }
        open = std::move(longer);
    }
    return best;
}

std::string group_name(const std::vector<model::Column>& columns, std::set<std::string>& taken) {
    std::string name = columns.front().name + "_to_" + columns.back().name;
    for (char& c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        c = plain ? c : '_';
    }
    std::string free = name;
    for (int number = 2; !taken.insert(free).second; ++number) {
        free = name + "_" + std::to_string(number);
    }
    return free;
}

} // namespace

ProposedGroups propose_groups(const std::vector<model::Datasource>& datasources) {
    std::vector<Sequence> sequences = number_columns(datasources);
    ProposedGroups proposed;
    proposed.runs.resize(datasources.size());
    std::set<std::string> names;
    while (proposed.groups.size() < kMostGroups) {
        const Run run = best_run(sequences);
        if (run.places.empty()) {
            break;
        }
        ProposedGroup group;
        const Place& pattern = run.places.front();
        const auto first =
            datasources[pattern.datasource].columns.begin() + static_cast<std::ptrdiff_t>(pattern.first);
        group.columns.assign(first, first + static_cast<std::ptrdiff_t>(run.length));
        group.name = group_name(group.columns, names);
        for (const Place& place : run.places) {
            group.datasources.push_back(datasources[place.datasource].name);
            proposed.runs[place.datasource].push_back({place.first, run.length, group.name});
            std::fill_n(sequences[place.datasource].begin() + static_cast<std::ptrdiff_t>(place.first),
                        run.length, kTaken);
        }
        proposed.groups.push_back(std::move(group));
    }
    for (std::vector<GroupedRun>& runs : proposed.runs) {
        std::ranges::sort(runs, {}, &GroupedRun::first);
    }
    return proposed;
}

} // namespace birdhouse::codec
