#include "ops/stop_signals.hpp"

#include <pthread.h>

namespace birdhouse::ops {

StopSignals::StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    thread_ = std::thread([this] {
        int signal = 0;
        while (sigwait(&signals_, &signal) == 0 && !ended_) {
            if (!first_.request_stop()) {
                second_.request_stop();
            }
        }
    });
}

StopSignals::~StopSignals() {
    ended_ = true;
    pthread_kill(thread_.native_handle(), SIGINT); // wakes it, and nothing more: it is blocked
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

} // namespace birdhouse::ops
