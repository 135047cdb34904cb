// Names and texts as ClickHouse SQL and TSV spell them. For DDL, which takes no bound parameters; a query
// binds its values and needs none of this.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

// `name` between back-quotes, escaped: it can hold any character.
std::string identifier(std::string_view name);
// "`database`.`name`"
std::string qualified_name(std::string_view database, std::string_view name);
// 'text' between quotes, escaped.
std::string string_literal(std::string_view text);

// The escaped form of TSV, which bound parameters take too, and back.
std::string escape_tsv(std::string_view text);
std::string unescape_tsv(std::string_view text);
// Rows of fields, both unescaped.
std::vector<std::vector<std::string>> parse_tsv(std::string_view bytes);

} // namespace birdhouse::target
