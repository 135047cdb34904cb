// Connections to the one engine of the process. A connection runs one statement at a time, so a server keeps
// several; those for queries from outside may only read.
#pragma once

#include "base/result.hpp"
#include "target/channel.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace birdhouse::server {

enum class EngineUse { Read, Write };

class EnginePool {
public:
    using Open = std::function<Result<std::unique_ptr<target::SqlChannel>>(EngineUse)>;

    // At most so many connections of either kind are opened, each when it is first needed.
    EnginePool(Open open, std::size_t most_of_a_kind) : open_(std::move(open)), most_(most_of_a_kind) {}

    // Gives the connection back at its end.
    class Lease {
    public:
        Lease(EnginePool& pool, EngineUse use, std::unique_ptr<target::SqlChannel> channel)
            : pool_(&pool), use_(use), channel_(std::move(channel)) {}
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (channel_ != nullptr) {
                pool_->give_back(use_, std::move(channel_));
            }
        }
        target::SqlChannel& operator*() const { return *channel_; }
        target::SqlChannel* operator->() const { return channel_.get(); }

    private:
        EnginePool* pool_;
        EngineUse use_;
        std::unique_ptr<target::SqlChannel> channel_;
    };

    // Waits while all are in use.
    Result<Lease> lease(EngineUse use);

private:
    struct Kind {
        std::vector<std::unique_ptr<target::SqlChannel>> idle;
        std::size_t opened = 0;
    };
    Kind& kind_of(EngineUse use) { return use == EngineUse::Read ? readers_ : writers_; }
    void give_back(EngineUse use, std::unique_ptr<target::SqlChannel> channel);

    Open open_;
    std::size_t most_;
    std::mutex mutex_; // guards what follows
    std::condition_variable returned_;
    Kind readers_;
    Kind writers_;
};

} // namespace birdhouse::server
