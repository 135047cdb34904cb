// Where the parts of a datasource stand in its file. The model keeps one place for a whole column and one for
// the engine: when one of their parts is at fault, the file is read again to find it.
#pragma once

#include "base/source.hpp"
#include "model/datasource.hpp"

#include <string>
#include <string_view>

namespace birdhouse::ops {

enum class ColumnPart { Type, Default, Materialized, Codec };

// The part, else the column.
Span place_of(const model::Column& column, ColumnPart part, const SourceMap& sources);

// The value of the field, else the engine.
using EngineField = std::string model::TableEngine::*;
Span place_of(const model::TableEngine& engine, EngineField field, const SourceMap& sources);

// The expression or type of the index that holds `name`, else the index.
Span place_of(const model::Index& index, const std::string& name, const SourceMap& sources);

// What people call the field: "the sorting key".
std::string_view noun_of(EngineField field);

// The first place of `name` within `place`, else `place`.
Span narrowed(Span place, std::string_view name, const SourceMap& sources);

} // namespace birdhouse::ops
