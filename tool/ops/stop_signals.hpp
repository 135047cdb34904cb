// SIGINT and SIGTERM as requests to stop: the first one ends what is done after its present step, the second
// one at once.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace birdhouse::ops {

// Make it before any other thread. While it is there the two signals end nothing by themselves.
class StopSignals {
public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();

    std::stop_token first() const { return first_.get_token(); }
    std::stop_token second() const { return second_.get_token(); }

private:
    sigset_t signals_{};
    sigset_t before_{};
    std::stop_source first_;
    std::stop_source second_;
    std::atomic<bool> ended_ = false;
    std::thread thread_;
};

} // namespace birdhouse::ops
