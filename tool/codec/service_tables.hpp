// Tables and columns that the service adds to a workspace by itself, as far as its documentation tells them:
// what pipes may read although no file of the project declares it.
#pragma once

#include "model/datasource.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// `tinybird.pipe_stats_rt`. The service may know more columns than are told, so what is missing here may be
// there.
std::optional<model::Datasource> service_table(std::string_view database, std::string_view name);

// All that are known of a service database.
std::vector<model::Datasource> service_tables(std::string_view database);

// True for databases that hold nothing but such tables.
bool is_service_database(std::string_view database);

// What its connector stores beside the declared columns: `__timestamp` of Kafka, `_is_deleted` of DynamoDB.
std::vector<model::Column> connector_columns(const model::Datasource& datasource);

} // namespace birdhouse::codec
