// KAFKA_*, IMPORT_* and EXPORT_*: which of them belong together.
#pragma once

#include "codec/datafile_values.hpp"

namespace birdhouse::codec {

// Of a datasource: complete sets only. The model holds no connectors yet, which is said once a family.
void check_connectors(const DatafileReading& reading);

// Of a sink: the Kafka family or the bucket family, complete and not mixed. `node` is the place of the node.
void check_sink(const DatafileReading& reading, std::span<const syntax::Directive* const> settings,
                Span node);

} // namespace birdhouse::codec
