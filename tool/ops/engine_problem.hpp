// What the engine says about a composed query, said about the file its SQL was written in.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/mapped_sql.hpp"
#include "model/pipe.hpp"
#include "ops/engine_words.hpp"

namespace birdhouse::ops {

// Adds a diagnostic at the place the engine means: the position it gives, else the first place of the name it
// gives. False when the error is not about the query (the engine is gone, the disk is full).
bool report_refusal(const Error& error, const codec::MappedSql& query, Diagnostics& diagnostics);

// Where `words` about `query` point to in the SQL of `node`, which is known to hold the fault because every
// node it reads was accepted; the node itself when they point nowhere in it.
Span place_in_node(const EngineWords& words, const codec::MappedSql& query, const model::Node& node);

} // namespace birdhouse::ops
