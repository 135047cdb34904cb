// The local Tinybird: requests to answers. Sockets are net's business, so that tests need none.
#pragma once

#include "net/http.hpp"
#include "server/build.hpp"
#include "server/core.hpp"

namespace birdhouse::server {

class Server {
public:
    Server(EnginePool& engine, ServerOptions options, Now now)
        : core_(engine, std::move(options), std::move(now)) {}

    // Before the first request.
    Result<void> start() { return core_.start(); }
    // Puts these files in the place of what the default workspace holds. Problems are told as `path: text`.
    Result<BuildChanges> load(std::vector<Datafile> files, std::vector<FileProblem>& problems);

    // Thread-safe.
    net::HttpResponse handle(const net::HttpRequest& request);
    Core& core() { return core_; }

private:
    Core core_;
};

} // namespace birdhouse::server
