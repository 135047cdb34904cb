// Chance that is the same from the same seed on every machine, which the distributions of <random> do not
// promise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>

namespace birdhouse::events {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : engine_(seed) {}

    // From 0 to `end`, less one; 0 when there is nothing below `end`.
    std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : engine_() % end; }
    std::uint64_t between(std::uint64_t first, std::uint64_t last) {
        return last - first == UINT64_MAX ? engine_() : first + below(last - first + 1);
    }
    bool one_in(std::uint64_t end) { return below(end) == 0; }
    // Small numbers more often than large ones, as counts and durations have it.
    std::uint64_t small_below(std::uint64_t end) {
        constexpr std::uint64_t kWidths = 64;
        return below(end) >> below(kWidths) % 8;
    }
    template <class List>
    const auto& pick(const List& list) {
        return list[static_cast<std::size_t>(below(std::size(list)))];
    }

private:
    std::mt19937_64 engine_;
};

} // namespace birdhouse::events
