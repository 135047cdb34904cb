#include "ops/network.hpp"

#include "net/http_client.hpp"
#include "net/http_retry.hpp"

namespace birdhouse::ops {

std::unique_ptr<net::HttpClient> RealNetwork::http_client(std::stop_token stop) {
    return std::make_unique<net::CurlClient>(std::move(stop), user_agent_);
}

std::unique_ptr<net::Waiting> RealNetwork::waiting(std::stop_token stop) {
    return std::make_unique<net::RealWaiting>(std::move(stop));
}

} // namespace birdhouse::ops
