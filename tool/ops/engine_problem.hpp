// What the engine says about a composed query, said about the file its SQL was written in.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/mapped_sql.hpp"

namespace birdhouse::ops {

// Adds a diagnostic at the place the engine means: the position it gives, else the first place of the name it
// gives. False when the error is not about the query (the engine is gone, the disk is full).
bool report_refusal(const Error& error, const codec::MappedSql& query, Diagnostics& diagnostics);

} // namespace birdhouse::ops
