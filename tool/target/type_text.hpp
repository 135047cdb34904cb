// Nullable as ClickHouse wants it written. Types are text here; what else they mean is the engine's to say.
#pragma once

#include <string>
#include <string_view>

namespace birdhouse::target {

// The type that can also hold NULL: LowCardinality and SimpleAggregateFunction take Nullable inside.
std::string nullable_type(std::string_view type);
// The type that cannot.
std::string plain_type(std::string_view type);
// `Nullable(LowCardinality(T))` is what people write and the engine refuses.
std::string canonical_nullable(std::string_view type);

} // namespace birdhouse::target
