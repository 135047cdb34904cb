// A workspace: a name, its tokens, what it holds, and a database of the engine.
#pragma once

#include "server/access.hpp"
#include "server/content.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

namespace birdhouse::server {

struct Variable {
    std::string value;
    std::string created_at; // `2026-11-26 10:00:00.000000`
    std::string updated_at;
};

struct Deployment {
    std::uint64_t id = 0;
    std::string status; // data_ready, deleted
    bool live = false;
    std::string created_at; // ISO 8601
    std::string updated_at;
};

struct Workspace {
    std::string id;
    std::string name;
    std::string database;
    std::string main_id; // of a branch: the workspace it was made from
    std::string created_at;

    // Shared by requests that read or write rows, taken alone by a build: no row is written to a table that
    // is being replaced.
    std::shared_mutex gate;

    std::mutex changing; // of Classic: one change of resources at a time

    std::mutex mutex;          // guards what follows
    std::vector<Token> tokens; // the admin token first
    std::map<std::string, Variable, std::less<>> variables;
    std::shared_ptr<const Content> content;
    std::vector<Deployment> deployments; // by id
};

std::shared_ptr<const Content> content_of(Workspace& workspace);

} // namespace birdhouse::server
