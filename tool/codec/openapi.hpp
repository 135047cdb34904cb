// OpenAPI 3.0.3 of endpoints: what a generator of clients, or a person, has to know to call them.
#pragma once

#include "model/contract.hpp"
#include "model/project.hpp"

#include <functional>
#include <span>
#include <string>

namespace birdhouse::codec {

struct OpenApiOptions {
    std::string title;
    std::string server_url;                          // `https://api.tinybird.co`
    std::span<const model::Contract> contracts = {}; // whose columns the answers are described by
    std::function<bool(const model::Pipe&)> shows;   // which endpoints; all when it is empty
};

// One path an endpoint, `/v0/pipes/NAME.json`, by name. Answers of endpoints without a contract are rows of
// any columns. The same project gives the same bytes; ends with a line end.
std::string write_openapi(const model::Project& project, const OpenApiOptions& options);

} // namespace birdhouse::codec
