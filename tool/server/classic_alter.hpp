// What an alter of Classic does to a datasource: pure.
#pragma once

#include "model/datasource.hpp"
#include "server/api_result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace birdhouse::server {

struct AlterRequest {
    std::optional<std::vector<model::Column>> columns; // all of them, as they are to be
    std::optional<std::string> description;
    std::optional<std::string> ttl; // empty: none
    std::optional<std::vector<model::Index>> indexes;
};

struct Alteration {
    model::Datasource after;
    std::vector<std::string> operations; // "ADD COLUMN `age` UInt16"
};

// Refused with 400 where the service would need a new datasource, or when there is nothing to do.
ApiResult<Alteration> alter_datasource(const model::Datasource& before, const AlterRequest& request);

} // namespace birdhouse::server
