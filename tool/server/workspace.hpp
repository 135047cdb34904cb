// A workspace: a name, its tokens, what it holds, and its databases of the engine.
#pragma once

#include "server/access.hpp"
#include "server/content.hpp"
#include "server/gate.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
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
    std::vector<std::string> errors; // why it was given up
};

// What requests are answered from: files, and the tables made of them.
struct Deployed {
    std::string database; // of the engine
    std::shared_ptr<const Content> content;
};

// A deployment that waits to be promoted.
struct Staged {
    std::uint64_t deployment = 0;
    Deployed deployed;
};

struct Workspace {
    std::string id;
    std::string name;
    std::string main_id; // of a branch: the workspace it was made from
    std::string created_at;

    // Shared by requests that read or write rows, taken alone by whatever replaces tables or what is live: no
    // row is written to a table that is being replaced.
    Gate gate;

    std::mutex changing; // of Classic: one change of resources at a time

    std::mutex mutex;          // guards what follows
    std::vector<Token> tokens; // the admin token first
    std::map<std::string, Variable, std::less<>> variables;
    Deployed live;
    std::optional<Staged> staging;
    std::vector<Deployment> deployments;              // by id
    std::set<std::string, std::less<>> paused_copies; // pipes whose schedule is
};

Deployed live_of(Workspace& workspace);
std::optional<Staged> staging_of(Workspace& workspace);
// Of what is live.
std::shared_ptr<const Content> content_of(Workspace& workspace);
// Names the workspace's databases begin with, each followed by nothing or by `_` and more.
std::string database_stem(const Workspace& workspace);

} // namespace birdhouse::server
