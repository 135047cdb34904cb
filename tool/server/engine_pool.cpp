#include "server/engine_pool.hpp"

namespace birdhouse::server {

Result<EnginePool::Lease> EnginePool::lease(EngineUse use) {
    {
        std::unique_lock lock(mutex_);
        Kind& kind = kind_of(use);
        returned_.wait(lock, [&] { return !kind.idle.empty() || kind.opened < most_; });
        if (!kind.idle.empty()) {
            std::unique_ptr<target::SqlChannel> channel = std::move(kind.idle.back());
            kind.idle.pop_back();
            return Lease(*this, use, std::move(channel));
        }
        ++kind.opened;
    }
    Result<std::unique_ptr<target::SqlChannel>> opened = open_(use);
    if (!opened) {
        const std::scoped_lock lock(mutex_);
        --kind_of(use).opened;
        returned_.notify_one();
        return std::move(opened).error();
    }
    return Lease(*this, use, std::move(opened).value());
}

void EnginePool::give_back(EngineUse use, std::unique_ptr<target::SqlChannel> channel) {
    const std::scoped_lock lock(mutex_);
    kind_of(use).idle.push_back(std::move(channel));
    returned_.notify_all(); // some wait for readers, some for writers
}

} // namespace birdhouse::server
