// The parameters of a query, out of a request's address, form or JSON body.
#pragma once

#include "server/query.hpp"
#include "server/routes.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace birdhouse::server {

struct RequestParameters {
    std::vector<std::pair<std::string, syntax::Value>> values;
    std::optional<std::string> sql; // `q`
};

// What clients send to every route (`token`, `from`, `cli_version`, `__tb__...`) is no parameter of a pipe. A
// name that comes several times is a list. 400 for a body that does not read.
ApiResult<RequestParameters> read_parameters(const Call& call);

// The values of the workspace's variables, by name.
std::map<std::string, std::string, std::less<>> secrets_of(Workspace& workspace);

using Ask = std::function<ApiResult<QueryAnswer>(const QueryContext&)>;

// Asks with a connection that may only read; `fixed` wins over what the request says.
RouteAnswer answer_query(const Call& call, const RequestParameters& parameters,
                         const std::vector<std::pair<std::string, std::string>>& fixed, const Ask& ask);

} // namespace birdhouse::server
