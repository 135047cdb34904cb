// A connection as a value: where a connector or sink finds the other system, and with which credentials.
#pragma once

#include "model/datasource.hpp"

#include <string>
#include <vector>

namespace birdhouse::model {

struct Connection {
    std::string name;
    std::string description;
    std::string type;              // kafka, s3, gcs, dynamodb; lower case
    std::vector<Setting> settings; // KAFKA_*, S3_*, GCS_*, ..., in file order
    Origin origin;
    friend bool operator==(const Connection&, const Connection&) = default;
};

} // namespace birdhouse::model
