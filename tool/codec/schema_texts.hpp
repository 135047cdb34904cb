#pragma once

#include "model/schema.hpp"

namespace birdhouse::codec {

// `after` with the spellings of `before` wherever both mean the same: another layout of a query or a key, INT
// for Int32, `7 DAY` for toIntervalWeek(1). A difference of the two is then one of meaning.
model::Schema with_texts_of(const model::Schema& before, model::Schema after);

} // namespace birdhouse::codec
