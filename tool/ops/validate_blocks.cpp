#include "ops/validate_blocks.hpp"

#include "events/checker.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace birdhouse::ops {

namespace {

struct Part {
    events::Tally tally;
    std::uint64_t lines = 0;
};

// Parts come in any order and are added in the order of their numbers.
class OrderedTally {
public:
    OrderedTally(events::Tally& tally, std::size_t most_waiting)
        : tally_(tally), most_waiting_(most_waiting) {}

    // Waits while the part that is due is too far behind: parts that cannot be added yet take memory.
    void wait_for_turn(std::uint64_t number) {
        std::unique_lock lock(mutex_);
        moved_.wait(lock, [&] { return number < due_ + most_waiting_; });
    }

    void add(std::uint64_t number, Part part) {
        const std::scoped_lock lock(mutex_);
        waiting_.emplace(number, std::move(part));
        for (auto next = waiting_.begin(); next != waiting_.end() && next->first == due_; ++due_) {
            tally_.merge(next->second.tally, lines_);
            lines_ += next->second.lines;
            next = waiting_.erase(next);
        }
        moved_.notify_all();
    }

private:
    events::Tally& tally_;
    std::size_t most_waiting_;
    std::mutex mutex_; // guards what follows
    std::condition_variable moved_;
    std::map<std::uint64_t, Part> waiting_;
    std::uint64_t due_ = 0;
    std::uint64_t lines_ = 0;
};

// The blocks with their numbers, one taker at a time.
class NumberedBlocks {
public:
    explicit NumberedBlocks(events::LineBlocks& blocks) : blocks_(blocks) {}

    std::optional<std::uint64_t> next(events::LineBlock& block) {
        const std::scoped_lock lock(mutex_);
        return blocks_.next(block) ? std::optional(number_++) : std::nullopt;
    }

private:
    events::LineBlocks& blocks_;
    std::mutex mutex_;
    std::uint64_t number_ = 0;
};

class Worker {
public:
    Worker(const events::EventSchema& schema, const BlockCheck& check, std::size_t most_samples)
        : schema_(schema), check_(check), checker_(schema), tally_(most_samples) {}

    void run(NumberedBlocks& blocks, OrderedTally& ordered) {
        while (const std::optional<std::uint64_t> number = blocks.next(block_)) {
            ordered.wait_for_turn(*number);
            const std::uint64_t lines = count();
            ordered.add(*number, {tally_.take_part(), lines});
        }
    }

private:
    std::uint64_t count() {
        if (block_.too_long) {
            tally_.add_too_long({check_.input, 1}, check_.longest_line);
            return 1;
        }
        std::uint64_t lines = 0;
        checker_.check_lines(block_.text, [&](std::string_view line, const events::Verdict* verdict) {
            ++lines;
            if (verdict != nullptr) {
                tally_.add(schema_, line, {check_.input, lines}, *verdict);
            }
        });
        return lines;
    }

    const events::EventSchema& schema_;
    const BlockCheck& check_;
    events::EventChecker checker_;
    events::Tally tally_;
    events::LineBlock block_;
};

} // namespace

void check_blocks(const events::EventSchema& schema, events::LineBlocks& blocks, const BlockCheck& check,
                  events::Tally& tally) {
    constexpr std::size_t kWaitingForEach = 8;
    NumberedBlocks numbered(blocks);
    OrderedTally ordered(tally, kWaitingForEach * check.threads);
    const auto work = [&] { Worker(schema, check, tally.most_samples()).run(numbered, ordered); };
    std::vector<std::thread> others;
    for (std::size_t thread = 1; thread < check.threads; ++thread) {
        others.emplace_back(work);
    }
    work();
    for (std::thread& other : others) {
        other.join();
    }
}

} // namespace birdhouse::ops
