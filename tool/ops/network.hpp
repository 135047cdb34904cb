// The real network: libcurl, and time that passes.
#pragma once

#include "ops/session.hpp"

#include <string>

namespace birdhouse::ops {

class RealNetwork final : public Network {
public:
    explicit RealNetwork(std::string user_agent) : user_agent_(std::move(user_agent)) {}
    std::unique_ptr<net::HttpClient> http_client(std::stop_token stop) override;
    std::unique_ptr<net::Waiting> waiting(std::stop_token stop) override;

private:
    std::string user_agent_;
};

} // namespace birdhouse::ops
