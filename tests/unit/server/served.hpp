// A server without sockets, over an engine in memory, with a small project.
#pragma once

#include "engine/library.hpp"
#include "server/engine_pool.hpp"
#include "server/server.hpp"

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace birdhouse::testing {

using Json = nlohmann::ordered_json;

struct Asked {
    int status = 0;
    std::string content_type;
    std::string body;
    Json json() const { return Json::parse(body, nullptr, false); }
};

class Served {
public:
    explicit Served(const std::shared_ptr<engine::Library>& library, std::filesystem::path state_file = {});

    server::Server& server() { return server_; }
    const std::string& admin() const { return admin_; }

    // With the admin token, unless another is given. `target` is a path with its query.
    Asked get(const std::string& target) { return ask("GET", target, "", admin_); }
    Asked get_as(const std::string& token, const std::string& target) {
        return ask("GET", target, "", token);
    }
    Asked post(const std::string& target, const std::string& body = "") {
        return ask("POST", target, body, admin_);
    }
    Asked ask(const std::string& method, const std::string& target, const std::string& body,
              const std::string& token, net::Fields headers = {}, std::vector<net::FormPart> parts = {});
    // `path` or `deploy` with the files as their parts.
    Asked send(const std::string& target, const std::vector<server::Datafile>& files);

    // The rows of a query as JSON, or what it was refused with.
    Json rows(const std::string& sql);

private:
    server::EnginePool pool_;
    server::Server server_;
    std::string admin_;
};

// Datasource `events` (id, at, cost), its hourly roll-up by a materialised view, and the endpoint `spend`.
std::vector<server::Datafile> small_project();
server::Datafile& file_of(std::vector<server::Datafile>& files, const std::string& name);

} // namespace birdhouse::testing
