// ClickHouse types in one spelling, so that two texts which mean one type are one tree.
#pragma once

#include "syntax/clickhouse_type.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::codec {

// Aliases by their own name (INT is Int32), Decimal32(4) as Decimal(9, 4), the numbers of an Enum written out
// and in order, Nullable inside LowCardinality. Nothing when the text is no type.
std::optional<syntax::ClickHouseType> type_form(std::string_view text);

// The form as text; the text itself when it is no type.
std::string type_form_text(std::string_view text);

// The only argument of `Name(T)`, when it is a type.
const syntax::ClickHouseType* only_argument(const syntax::ClickHouseType& type);

} // namespace birdhouse::codec
