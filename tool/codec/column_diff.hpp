#pragma once

#include "codec/change_list.hpp"
#include "model/datasource.hpp"

namespace birdhouse::codec {

// The changes of the columns of one datasource.
void diff_columns(const model::Datasource& before, const model::Datasource& after, ChangeList& changes);

// `UInt16 DEFAULT 0`
std::string column_text(const model::Column& column);

// Is the column part of a sorting, partition, primary or sampling key?
bool is_in_key(const model::TableEngine& engine, std::string_view column);

} // namespace birdhouse::codec
