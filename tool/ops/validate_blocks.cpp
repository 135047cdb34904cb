#include "ops/validate_blocks.hpp"

#include "base/text.hpp"
#include "events/checker.hpp"

#include <algorithm>
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
    OrderedTally(events::Tally& tally, std::size_t most_waiting, std::uint64_t most_problems)
        : tally_(tally), most_waiting_(most_waiting), most_problems_(most_problems) {}

    // Waits while the part that is due is too far behind: parts that cannot be added yet take memory.
    void wait_for_turn(std::uint64_t number) {
        std::unique_lock lock(mutex_);
        moved_.wait(lock, [&] { return number < due_ + most_waiting_; });
    }

    // False: no more is wanted.
    bool add(std::uint64_t number, Part part) {
        const std::scoped_lock lock(mutex_);
        waiting_.emplace(number, std::move(part));
        for (auto next = waiting_.begin(); next != waiting_.end() && next->first == due_; ++due_) {
            if (!is_full()) { // what other threads counted beyond that must not depend on their number
                tally_.merge(next->second.tally, lines_);
                lines_ += next->second.lines;
            }
            next = waiting_.erase(next);
        }
        moved_.notify_all();
        return !is_full();
    }

private:
    bool is_full() const { return most_problems_ != 0 && tally_.with_problems() >= most_problems_; }

    events::Tally& tally_;
    std::size_t most_waiting_;
    std::uint64_t most_problems_;
    std::mutex mutex_; // guards what follows
    std::condition_variable moved_;
    std::map<std::uint64_t, Part> waiting_;
    std::uint64_t due_ = 0;
    std::uint64_t lines_ = 0;
};

// The blocks with their numbers, one taker at a time.
class NumberedBlocks {
public:
    NumberedBlocks(events::LineBlocks& blocks, const BlockCheck& check) : blocks_(blocks), check_(check) {}

    std::optional<std::uint64_t> next(events::LineBlock& block) {
        const std::scoped_lock lock(mutex_);
        if (ended_ || !blocks_.next(block)) {
            return std::nullopt;
        }
        if (check_.progress) {
            check_.progress({blocks_.bytes_read(), blocks_.packed_bytes_read()});
        }
        return number_++;
    }

    void end() {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
    }

private:
    events::LineBlocks& blocks_;
    const BlockCheck& check_;
    std::mutex mutex_;
    std::uint64_t number_ = 0;
    bool ended_ = false;
};

// One row of so many, scattered as by chance, so that no rhythm in the input is met, and the same in every
// run: where blocks end depends on the input alone.
bool is_chosen(std::uint64_t block, std::uint64_t line, std::uint64_t one_in) {
    std::uint64_t mixed = (block << 32U) + line + 0x9E3779B97F4A7C15U; // splitmix64
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return (mixed ^ (mixed >> 31U)) % one_in == 0;
}

class Worker {
public:
    // `whole` is the tally that the worker's counts go to in the end.
    Worker(const events::EventSchema& schema, const BlockCheck& check, const events::Tally& whole)
        : schema_(schema), check_(check), checker_(schema), tally_(whole.most_samples(), whole.gathers()) {}

    void run(NumberedBlocks& blocks, OrderedTally& ordered) {
        while (const std::optional<std::uint64_t> number = blocks.next(block_)) {
            ordered.wait_for_turn(*number);
            const std::uint64_t lines = count(*number);
            if (!ordered.add(*number, {tally_.take_part(), lines})) {
                blocks.end();
            }
        }
    }

private:
    // Gives the number of lines.
    std::uint64_t count(std::uint64_t number) {
        if (block_.too_long) {
            if (is_chosen(number, 1, check_.one_row_in)) {
                tally_.add_too_long({check_.input, 1}, check_.longest_line);
            }
            return 1;
        }
        return check_.one_row_in > 1 ? count_some(number) : count_all();
    }

    std::uint64_t count_all() {
        std::uint64_t lines = 0;
        checker_.check_lines(block_.text, [&](std::string_view line, const events::Verdict* verdict) {
            ++lines;
            if (verdict != nullptr) {
                tally_.add(schema_, line, {check_.input, lines}, *verdict);
            }
        });
        return lines;
    }

    std::uint64_t count_some(std::uint64_t number) {
        std::uint64_t lines = 0;
        for (std::string_view rest = block_.text; !rest.empty();) {
            const std::string_view whole = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), whole.size() + 1));
            ++lines;
            const std::string_view line = whole.substr(0, whole.size() - (whole.ends_with('\r') ? 1 : 0));
            if (is_chosen(number, lines, check_.one_row_in) && !trim(line).empty()) {
                tally_.add(schema_, line, {check_.input, lines}, checker_.check(line));
            }
        }
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
    NumberedBlocks numbered(blocks, check);
    OrderedTally ordered(tally, kWaitingForEach * check.threads, check.most_problems);
    const auto work = [&] { Worker(schema, check, tally).run(numbered, ordered); };
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
