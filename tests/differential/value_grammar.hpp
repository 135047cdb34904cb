// Random JSON values for a ClickHouse type: most of them near its edges, some broken, some of another kind.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace birdhouse::differential {

// The same numbers from the same seed on every machine, which the distributions of <random> do not promise.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    bool one_in(std::uint64_t end) { return below(end) == 0; }
    template <class List>
    const auto& pick(const List& list) {
        return list[below(std::size(list))];
    }

private:
    std::mt19937_64 engine_;
};

enum class Kind { Number, Text, Truth, Null, Structure };

// A value without parts: as JSON, and what it means.
struct Leaf {
    Kind kind = Kind::Null;
    std::string json;
    std::string text;    // of a Text unescaped; otherwise `json`
    std::string escaped; // the same value with an escape in it, where there can be one
};

Leaf random_leaf(const std::string& type, Chance& chance);

} // namespace birdhouse::differential
