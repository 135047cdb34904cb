// Copies and populations on request: a pipe's rows into the datasource that the pipe names.
#pragma once

#include "server/query.hpp"
#include "server/routes.hpp"
#include "syntax/value.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::server {

struct CopyRequest {
    std::string pipe;
    bool replaces = false; // all rows that are there
    std::vector<std::pair<std::string, syntax::Value>> parameters;
};

struct PopulateRequest {
    std::string pipe;
    bool truncates = false;
    std::string condition; // over the rows of the view's source; empty: all of them
};

// Both wait in the jobs of the server; the id is their job's. Staging has the same done to it, as with every
// write to live.
std::string start_copy(const Call& call, const std::string& datasource, CopyRequest request);
std::string start_population(const Call& call, const std::string& datasource, PopulateRequest request);

// Of a job that works: its statement is ended.
void interrupt_job(Core& core, const std::string& id);

} // namespace birdhouse::server
