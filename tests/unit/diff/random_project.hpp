// Projects made at random, with every part that can change, and single changes of them with their names.
#pragma once

#include "model/change.hpp"

#include <cstdint>
#include <functional>
#include <random>
#include <string_view>
#include <vector>

namespace birdhouse::testing {

class Random {
public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    bool coin() { return below(2) == 0; }
    template <class Value>
    Value& pick(std::vector<Value>& from) {
        return from[below(from.size())];
    }

private:
    std::mt19937 engine_;
};

model::Project random_project(Random& random);

struct Mutation {
    model::ChangeKind kind;
    // Changes the project in this one way and says of what; nothing when it has no such part.
    std::function<std::optional<model::Subject>(model::Project&, Random&)> apply;
};

std::vector<Mutation> mutations();

} // namespace birdhouse::testing
