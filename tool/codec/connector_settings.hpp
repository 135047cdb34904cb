// KAFKA_*, IMPORT_* and EXPORT_*, and the settings of connections: kept as they stand, and held against what
// belongs together.
#pragma once

#include "codec/datafile_values.hpp"
#include "codec/fields.hpp"

namespace birdhouse::codec {

// True for KAFKA_*, IMPORT_*, EXPORT_*, S3_*, GCS_* and DYNAMODB_*.
bool is_connector_directive(std::string_view name);
// Adds the directive under `name`, its own or the one that it has today; a later one of the same name takes
// the place of the earlier one.
void keep_setting(const DatafileReading& reading, const syntax::Directive& directive, std::string_view name,
                  std::vector<model::Setting>& settings);

// The settings that a definition keeps in a map of their own, named after their directives: `topic` under
// `kafka` is KAFKA_TOPIC. In the order of the map.
std::vector<model::Setting> read_settings_map(const syntax::YamlNode& node, ObjectKind kind,
                                              std::string_view prefix, Reading reading);

// Of a datasource: complete sets only.
void check_connectors(const DatafileReading& reading);

// Of a sink: the Kafka family or the bucket family, complete and not mixed. `node` is the place of the node.
void check_sink(const DatafileReading& reading, std::span<const syntax::Directive* const> settings,
                Span node);

} // namespace birdhouse::codec
