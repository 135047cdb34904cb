// Lets in many that share, or one alone. Who waits to be alone goes before those that come later to share:
// the standard library's lock lets these pass as long as any of them is in, and under load one always is.
#pragma once

#include <mutex>
#include <shared_mutex>

namespace birdhouse::server {

// For std::unique_lock and std::shared_lock. A thread that shares must not ask to share again.
class Gate {
public:
    void lock() {
        turn_.lock();
        inside_.lock();
    }
    void unlock() {
        inside_.unlock();
        turn_.unlock();
    }
    void lock_shared() {
        const std::scoped_lock turn(turn_);
        inside_.lock_shared();
    }
    void unlock_shared() { inside_.unlock_shared(); }

private:
    std::mutex turn_; // held by who is alone, and by who is next
    std::shared_mutex inside_;
};

} // namespace birdhouse::server
