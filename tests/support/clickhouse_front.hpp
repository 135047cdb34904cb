// ClickHouse's HTTP interface, as far as birdhouse speaks it, over the engine in this process: for tests of
// targets where no server can be had.
#pragma once

#include "net/http.hpp"
#include "target/channel.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace birdhouse::testing {

class ClickHouseFront {
public:
    // `user` and `password` are asked of every request unless the user is empty.
    ClickHouseFront(std::unique_ptr<target::SqlChannel> engine, std::string user, std::string password)
        : engine_(std::move(engine)), user_(std::move(user)), password_(std::move(password)) {}

    // Called by several threads; statements run one after the other.
    net::HttpResponse handle(const net::HttpRequest& request);

private:
    net::HttpResponse run(const net::HttpRequest& request);

    std::mutex mutex_;
    std::unique_ptr<target::SqlChannel> engine_;
    std::string user_;
    std::string password_;
};

} // namespace birdhouse::testing
