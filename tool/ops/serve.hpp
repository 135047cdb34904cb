// `serve`: a Tinybird of one's own on this machine. The project's datafiles are its default workspace;
// official clients make others.
#pragma once

#include "base/result.hpp"
#include "ops/session.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace birdhouse::ops {

struct ServeRequest {
    std::string host = "127.0.0.1";
    std::uint16_t port = 7181;     // 0: any that is free
    bool watch = false;            // build again when a file of the project changes
    bool has_project = true;       // false: begin with an empty workspace
    bool classic = false;          // one resource at a time changes, as in Classic workspaces
    std::filesystem::path storage; // of the rows; empty: in memory, gone at the end
};

// Answers until SIGINT or SIGTERM. Tokens: TB_LOCAL_WORKSPACE_TOKEN and TB_LOCAL_USER_TOKEN of the
// environment, or made at the start and told by GET /tokens. An address that is not of this machine alone
// needs them given.
Result<void> serve(const ServeRequest& request, Session& session);

} // namespace birdhouse::ops
